// SPDX-License-Identifier: Apache-2.0
#include "cli/help/completion_values.h"

#include "base/text/text.h"
#include "cli/events/sample_events.h"
#include "cli/line/option_texts.h"
#include "cli/line/verbs.h"
#include "cli/new/new_kinds.h"

#include <algorithm>
#include <array>

namespace cli {
namespace {

constexpr std::array<std::string_view, 6> kPaths = {"FILE", "DIR", "ZIP", "PATH", "HANDLER", "PACKAGE"};

bool names_a_path(std::string_view value) {
  const auto parts = base::split(value, '|');
  return std::ranges::any_of(
      parts, [](std::string_view part) { return std::ranges::find(kPaths, part) != kPaths.end(); });
}

template <class Things>
WordValue names_of(const Things& things) {
  WordValue names;
  for (const auto& thing : things) names.emplace_back(thing.name);
  return names;
}

}  // namespace

CompletionValue completion_of(std::string_view value) {
  if (value.empty()) return NoValue{};
  if (value == "SAMPLE") return names_of(sample_events());
  if (value == "KIND") return names_of(new_kinds());
  if (value == "VERB") return names_of(verbs());
  if (auto choices = choices_of(value); !choices.empty()) return choices;
  if (names_a_path(value)) return PathValue{};
  return FreeValue{};
}

std::string single_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace cli
