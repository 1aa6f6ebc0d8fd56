// SPDX-License-Identifier: Apache-2.0
// Settings: lines of "NAME=value" up to an empty one, then the text of shellstrap.json, if anything follows.
#include "runtime/settings/settings.h"

#include "fuzz.h"

#include <vector>

using fuzzing::require;

namespace {

base::Environment environment_from(std::string_view& rest) {
  base::Environment environment;
  while (!rest.empty()) {
    auto line = fuzzing::take_until(rest, '\n');
    if (line.empty()) break;
    const auto name = fuzzing::take_until(line, '=');
    environment.set(name, line);
  }
  return environment;
}

void check(const runtime::Settings& settings) {
  require(settings.answer_fd >= 0 && settings.answer_fd <= 9, "the answer has a descriptor, or is a file");
  require((settings.answer_fd == 0) == !settings.answer_file.empty(), "an answer without either is none");
  require(settings.concurrency >= 1 && settings.concurrency <= 1024, "there is a worker, and no army");
  require(!settings.command || !settings.command->empty(), "a command has a word");
  require(!settings.timeout || settings.timeout->count() > 0, "a time limit is a duration");
  require(!settings.deadline_margin || settings.deadline_margin->count() >= 0, "a margin is a duration");
  for (const char c : settings.content_type) require(c >= ' ' && c <= '~', "a content type fits a header");
}

}  // namespace

void fuzz(std::string_view input) {
  const auto environment = environment_from(input);
  const auto settings =
      runtime::parse_settings(environment, input.empty() ? std::nullopt : std::optional(input));
  if (settings)
    check(*settings);
  else
    require(!settings.error().message.empty(), "a refusal says why");
}
