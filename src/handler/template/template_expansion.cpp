// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_expansion.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace handler {
namespace {

using Fault = std::optional<ExpansionFault>;
using Kind = Placeholder::Kind;

// What the kernel takes as arguments and environment; every argument costs its bytes, a NUL and a pointer.
std::size_t most_bytes() {
  const long limit = ::sysconf(_SC_ARG_MAX);
  return limit > 0 ? static_cast<std::size_t>(limit) : 131'072;
}
constexpr std::size_t kCostOfArgument = 1 + sizeof(char*);

// -d{/separator} without a separator would take the next argument for it.
bool lacks_its_value(const Template& word, const std::string& argument) {
  const bool is_short = word.begins_with("-") && !word.begins_with("--");
  return is_short && argument.size() > 1 && argument == std::get<std::string>(word.parts.front());
}

class Expander {
 public:
  Expander(std::string_view event, const EventValues& values, CallFolder& folder)
      : event_(event), values_(values), folder_(folder) {}

  Fault add(const Template& word, bool is_guarded) {
    is_guarded_ = is_guarded;
    const auto* only = word.parts.size() == 1 ? std::get_if<Placeholder>(&word.parts.front()) : nullptr;
    return only != nullptr && only->kind == Kind::list ? add_list(*only) : add_word(word);
  }

  std::vector<std::string> arguments() && { return std::move(arguments_); }

  Fault write_input(const Placeholder& place, base::MemoryFile& input) {
    return write(place, [&input](std::string_view bytes) { return input.append(bytes); });
  }

 private:
  Fault add_word(const Template& word) {
    std::string argument;
    const Placeholder* first = nullptr;    // in front of all text
    const Placeholder* leading = nullptr;  // whose value the argument begins with
    const Placeholder* last = nullptr;
    for (const auto& part : word.parts) {
      if (const auto* text = std::get_if<std::string>(&part)) {
        argument += *text;
        continue;
      }
      const auto& place = std::get<Placeholder>(part);
      last = &place;
      const bool is_first = argument.empty();
      if (is_first && first == nullptr) first = &place;
      bool is_own = false;
      if (auto fault = append(argument, place, is_own)) return fault;
      if (is_first && !argument.empty() && !is_own) leading = &place;
      if (is_first && !argument.empty() && is_own) first = nullptr;
    }
    if (last != nullptr && argument.size() > kLongestArgument) return too_long(last->pointer.text());
    if (last != nullptr && lacks_its_value(word, argument))
      return EventFault{subject(last->pointer.text()) + " is empty, so " + argument +
                        " would take the next argument for its value"};
    return push(std::move(argument), leading != nullptr ? leading : first);
  }

  // `is_own`: set where the template itself has said what stands here.
  Fault append(std::string& argument, const Placeholder& place, bool& is_own) {
    if (place.kind == Kind::file) return append_file(argument, place);
    if (place.kind == Kind::answer) return append_answer(argument, place);
    if (place.kind == Kind::event) return as_fault(append_event(argument, event_));
    const auto found = values_.literal(place.pointer);
    if (const auto* fault = std::get_if<EventFault>(&found)) return *fault;
    const auto literal = std::get<std::string_view>(found);
    if (!literal.empty()) return as_fault(append_value(argument, literal, place.pointer.text()));
    if (!place.fallback) return missing(place.pointer);
    argument += *place.fallback;
    is_own = true;
    return std::nullopt;
  }

  Fault append_file(std::string& argument, const Placeholder& place) {
    auto file = folder_.create(place.file_name);
    if (!file) return file.error();
    argument += file->path;
    return write(place, [&file](std::string_view bytes) { return base::write_all(file->fd.get(), bytes); });
  }

  // Not made here: tools ask before they write over a file, or take it for one to add to.
  Fault append_answer(std::string& argument, const Placeholder& place) {
    auto path = folder_.path();
    if (!path) return path.error();
    argument += *path + "/" + place.file_name;
    return std::nullopt;
  }

  Fault write(const Placeholder& place, const std::function<base::Status(std::string_view)>& write_bytes) {
    return write_place(place, event_, values_, write_bytes);
  }

  Fault add_list(const Placeholder& place) {
    const auto found = values_.literal(place.pointer);
    if (const auto* fault = std::get_if<EventFault>(&found)) return *fault;
    const auto literal = std::get<std::string_view>(found);
    if (literal.empty() && !place.fallback) return missing(place.pointer);
    if (literal.empty()) return place.fallback->empty() ? std::nullopt : push(*place.fallback, nullptr);
    if (literal.front() != '[')
      return EventFault{place.pointer.text() + " of the event is not an array, as {" + place.pointer.text() +
                        "...} wants it"};
    const auto elements = elements_of(literal, most_ / kCostOfArgument + 1);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      std::string argument;
      const auto name = place.pointer.text() + "/" + std::to_string(i);
      if (auto fault = append_value(argument, elements[i], name)) return *fault;
      if (auto fault = push(std::move(argument), &place, name)) return fault;
    }
    return std::nullopt;
  }

  // `source`: what the event has begun it with; nullptr: nothing.
  Fault push(std::string argument, const Placeholder* source, const std::string& element = "") {
    const auto name = [&] { return subject(element.empty() ? source->pointer.text() : element); };
    if (source != nullptr && is_guarded_ && !source->may_be_option && argument.starts_with('-'))
      return EventFault{name() +
                        " begins an argument with \"-\", which would make it an option; what is none goes "
                        "behind an argument --, or is marked with !, as in {/name!}"};
    bytes_ += argument.size() + kCostOfArgument;
    if (bytes_ > most_)
      return EventFault{"the arguments are more than a program can be given" +
                        (source != nullptr ? ", with " + name() : std::string())};
    arguments_.push_back(std::move(argument));
    return std::nullopt;
  }

  static Fault as_fault(std::optional<EventFault> fault) {
    if (!fault) return std::nullopt;
    return *std::move(fault);
  }

  std::string_view event_;
  const EventValues& values_;
  CallFolder& folder_;
  bool is_guarded_ = true;
  std::size_t most_ = most_bytes();
  std::size_t bytes_ = 0;
  std::vector<std::string> arguments_;
};

std::variant<std::vector<std::string>, ExpansionFault> expand_arguments(const ProgramSpec& spec,
                                                                        Expander expander) {
  std::vector<std::string> arguments(
      spec.arguments.begin(), spec.arguments.end() - static_cast<std::ptrdiff_t>(spec.templates.size()));
  bool is_guarded = true;
  for (std::size_t i = 0; i < spec.templates.size(); ++i) {
    const auto& word = spec.templates[i];
    if (auto fault = expander.add(word, is_guarded)) return *std::move(fault);
    if (i >= spec.first_guarded && word.is_literal() && word.text() == "--") is_guarded = false;
  }
  auto expanded = std::move(expander).arguments();
  arguments.insert(arguments.end(), std::move_iterator(expanded.begin()), std::move_iterator(expanded.end()));
  return arguments;
}

std::variant<std::optional<base::MemoryFile>, ExpansionFault> expand_input(const Input& input,
                                                                           Expander& expander) {
  if (std::holds_alternative<EventInput>(input)) return std::nullopt;
  auto file = base::MemoryFile::create("input");
  if (!file) return ExpansionFault(file.error());
  if (const auto* place = std::get_if<Placeholder>(&input))
    if (auto fault = expander.write_input(*place, *file)) return *std::move(fault);
  if (auto rewound = file->rewind(); !rewound) return ExpansionFault(rewound.error());
  return std::optional(*std::move(file));
}

}  // namespace

std::variant<Expanded, ExpansionFault> expand(const ProgramSpec& spec, const Input& input,
                                              const std::vector<JsonPointer>& wanted, std::string_view event,
                                              CallFolder& folder) {
  auto read = EventValues::read(event, wanted);
  if (auto* fault = std::get_if<EventFault>(&read)) return ExpansionFault(std::move(*fault));
  Expander expander(event, std::get<EventValues>(read), folder);
  auto standard_input = expand_input(input, expander);
  if (auto* fault = std::get_if<ExpansionFault>(&standard_input)) return std::move(*fault);
  auto arguments = expand_arguments(spec, std::move(expander));
  if (auto* fault = std::get_if<ExpansionFault>(&arguments)) return std::move(*fault);
  return Expanded{std::get<std::vector<std::string>>(std::move(arguments)),
                  std::get<std::optional<base::MemoryFile>>(std::move(standard_input))};
}

}  // namespace handler
