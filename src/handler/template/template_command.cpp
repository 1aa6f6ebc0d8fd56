// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_command.h"

#include "handler/template/template_program.h"

#include <algorithm>
#include <optional>
#include <set>

namespace handler {
namespace {

InitProblem invalid(std::size_t word, const std::string& fault) {
  const auto place = word == 0 ? std::string("the program") : "argument " + std::to_string(word);
  return {api::ErrorType::Known::invalid_handler, place + " of the command: " + fault};
}

// Where the first template of a word is: what precedes it is text.
std::size_t first_place(const std::string& word) {
  for (std::size_t at = word.find('{'); at != std::string::npos; at = word.find('{', at + 1)) {
    const auto rest = std::string_view(word).substr(at);
    if (rest.starts_with("{{/") || rest.starts_with("{{@"))
      ++at;
    else if (rest.starts_with("{/") || rest.starts_with("{@"))
      return at;
  }
  return 0;
}

std::string explained(const std::vector<std::string>& words, const ProgramReading::Misuse& misuse) {
  const auto& word = words[misuse.word];
  return explain({first_place(word), misuse.what}, word);
}

std::variant<std::vector<Template>, InitProblem> parse_words(const std::vector<std::string>& words) {
  std::vector<Template> templates;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto parsed = parse_template(words[i]);
    if (const auto* fault = std::get_if<TemplateFault>(&parsed)) return invalid(i, explain(*fault, words[i]));
    templates.push_back(std::get<Template>(std::move(parsed)));
  }
  if (!templates.front().is_literal())
    return invalid(
        0, explain({first_place(words[0]), "the program itself cannot come from an event"}, words[0]));
  return templates;
}

/// The files that a command names, each of which it may make once.
class FileNames {
 public:
  /// What is wrong with one more; nullopt: nothing.
  std::optional<std::string> add(const Placeholder& place) {
    const auto& name = place.file_name;
    if (name.empty()) return std::nullopt;
    if (place.kind == Placeholder::Kind::answer) return add_answer(name);
    if (name == answer_ || !inputs_.insert(name).second) return "there is another file " + name;
    return std::nullopt;
  }

  [[nodiscard]] std::string answer() && { return std::move(answer_); }

 private:
  // Its path may be wanted more than once.
  std::optional<std::string> add_answer(const std::string& name) {
    if (inputs_.contains(name)) return "there is another file " + name;
    if (!answer_.empty() && answer_ != name)
      return "only one file can be the answer, and there is " + answer_;
    answer_ = name;
    return std::nullopt;
  }

  std::set<std::string> inputs_;
  std::string answer_;
};

/// The name of the one that becomes the answer; empty: none does.
std::variant<std::string, InitProblem> answer_file_of(const std::vector<std::string>& words,
                                                      const std::vector<Template>& templates) {
  FileNames names;
  for (std::size_t i = 0; i < templates.size(); ++i)
    for (const auto& part : templates[i].parts)
      if (const auto* place = std::get_if<Placeholder>(&part))
        if (const auto fault = names.add(*place))
          return invalid(i, explain({first_place(words[i]), *fault}, words[i]));
  return std::move(names).answer();
}

}  // namespace

std::variant<CommandTemplate, InitProblem> parse_command_template(const std::vector<std::string>& words) {
  auto parsed = parse_words(words);
  if (auto* problem = std::get_if<InitProblem>(&parsed)) return std::move(*problem);
  auto& templates = std::get<std::vector<Template>>(parsed);

  CommandTemplate command;
  for (const auto& word : templates) command.words.push_back(word.text());
  if (std::all_of(templates.begin(), templates.end(), [](const Template& word) { return word.is_literal(); }))
    return command;
  auto answer_file = answer_file_of(words, templates);
  if (auto* problem = std::get_if<InitProblem>(&answer_file)) return std::move(*problem);
  command.answer_file = std::get<std::string>(std::move(answer_file));
  const auto reading = read_program(templates);
  if (reading.misuse) return invalid(reading.misuse->word, explained(words, *reading.misuse));
  if (reading.doubt)
    command.warnings.push_back("argument " + std::to_string(reading.doubt->word) +
                               " of the command holds a template, and " + reading.doubt->what +
                               ": an event could write code. Pass the value as an argument of its own.");
  command.first_guarded = reading.arguments - 1;
  command.arguments.assign(templates.begin() + 1, templates.end());
  return command;
}

}  // namespace handler
