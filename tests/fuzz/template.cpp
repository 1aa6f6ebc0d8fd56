// SPDX-License-Identifier: Apache-2.0
// An argument template, a line feed, and an event that it meets: what comes out is an argument that a program
// can be given, or a sentence.
#include "fuzz.h"
#include "handler/template/template_command.h"
#include "handler/template/template_expansion.h"

#include <nlohmann/json.hpp>

using fuzzing::require;

namespace {

bool begins_by_itself(const handler::Template& word) {
  if (word.begins_with("-")) return true;
  for (const auto& part : word.parts) {
    const auto* place = std::get_if<handler::Placeholder>(&part);
    if (place != nullptr && (place->may_be_option || place->fallback)) return true;
  }
  return false;
}

void check_arguments(const handler::Expanded& expanded, const handler::Template& word) {
  for (std::size_t i = 1; i < expanded.arguments.size(); ++i) {
    const auto& argument = expanded.arguments[i];
    require(argument.size() <= handler::kLongestArgument, "an argument is not longer than the kernel takes");
    require(argument.find('\0') == std::string::npos, "an argument has no NUL byte");
    require(!argument.starts_with('-') || begins_by_itself(word), "no event makes an option");
  }
}

void meet(std::string_view text, std::string_view event) {
  if (text.find('\0') != std::string_view::npos) return;  // no word of a command has one
  auto parsed = handler::parse_command_template({"printf", std::string(text)});
  auto* command = std::get_if<handler::CommandTemplate>(&parsed);
  if (command == nullptr || command->arguments.empty()) return;
  const handler::ProgramSpec spec{"/bin/true", command->words, command->arguments, command->first_guarded};
  require(command->answer_file.find('/') == std::string::npos, "an answer is in the folder of the call");
  handler::CallFolder nowhere("/proc/none");
  const auto wanted = handler::wanted_pointers(spec, handler::EventInput{});
  const auto result = handler::expand(spec, handler::EventInput{}, wanted, event, nowhere);
  if (const auto* expanded = std::get_if<handler::Expanded>(&result))
    check_arguments(*expanded, spec.templates[0]);
}

// Where the two must differ: half characters, numbers beyond a double, byte order marks, NUL bytes (the end,
// for the library).
bool is_comparable(std::string_view event) {
  bool has_exponent = false;
  for (std::size_t i = 1; i < event.size(); ++i)
    has_exponent |= (event[i] == 'e' || event[i] == 'E') && event[i - 1] >= '.' && event[i - 1] <= '9';
  return !has_exponent && event.size() < 300 && event.find("\\u") == std::string_view::npos &&
         event.find('\0') == std::string_view::npos && !event.starts_with("\xEF\xBB\xBF");
}

void compare(std::string_view event) {
  const auto found = handler::find_targets(event, {handler::JsonPointer()});
  const auto* targets = std::get_if<std::vector<handler::JsonTarget>>(&found);
  if (!is_comparable(event)) return;
  require((targets != nullptr) == nlohmann::json::accept(event), "what is JSON is no matter of taste");
  if (targets != nullptr)
    require(!(*targets)[0].literal.empty(), "a document is the target of the empty pointer");
}

}  // namespace

void fuzz(std::string_view input) {
  const auto text = fuzzing::take_until(input, '\n');
  const auto parsed = handler::parse_template(text);
  if (const auto* fault = std::get_if<handler::TemplateFault>(&parsed)) {
    require(fault->offset <= text.size(), "a fault has a place in the text");
    static_cast<void>(handler::explain(*fault, text));
  }
  static_cast<void>(handler::parse_input(text));
  meet(text, input);
  compare(input);
}
