// SPDX-License-Identifier: Apache-2.0
#include "cli/events/events.h"

#include "base/io/memory_file.h"
#include "cli/events/sample_events.h"

#include <unistd.h>

#include <string>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kHelp =
    "Sample events, as services send them to functions. Part of the program: no network is needed.\n\n"
    "Usage: shellstrap events          their names, one a line\n"
    "       shellstrap events NAME     that event, as JSON\n\n"
    "Examples:\n"
    "  shellstrap invoke --sample sqs ./handler.sh\n"
    "  shellstrap events s3 | jq '.Records[0].s3.object.key = \"k\"' | shellstrap invoke -e - ./x.sh\n";
// clang-format on

int print(std::string_view text) {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text);
  return kSuccess;
}

int refuse(const std::string& why) {
  [[maybe_unused]] const auto given_up = base::write_all(STDERR_FILENO, "shellstrap events: " + why + "\n");
  return kUsageError;
}

int list() {
  std::string names;
  for (const auto& event : sample_events()) names.append(event.name).append("\n");
  return print(names);
}

}  // namespace

int events(const Arguments& arguments, const Context& /*context*/) {
  if (arguments.empty()) return list();
  const std::string& word = arguments.front();
  if (word == "--help" || word == "-h") return print(kHelp);
  if (arguments.size() > 1) return refuse("one name at a time");
  const auto event = find_sample_event(word);
  return event ? print(event->json) : refuse(unknown_sample_event(word));
}

}  // namespace cli
