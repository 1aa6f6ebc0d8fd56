// SPDX-License-Identifier: Apache-2.0
#include "cli/events/events.h"

#include "base/io/memory_file.h"
#include "cli/events/sample_events.h"
#include "cli/line/verb_line.h"

#include <unistd.h>

#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Sample events, as services send them to functions. Part of the program: no network is needed.\n"
    "Without a name it lists them, one a line.\n";

constexpr auto kEpilogue =
    "Examples:\n"
    "  shellstrap invoke --sample sqs ./handler.sh\n"
    "  shellstrap events s3 | jq '.Records[0].s3.object.key = \"k\"' | shellstrap invoke -e - ./x.sh";
// clang-format on

void describe(CLI::App& app, std::string& name) {
  app.add_option("NAME", name, "the event to print, as JSON")->option_text("SAMPLE");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

int print(std::string_view text) {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text);
  return kSuccess;
}

int list() {
  std::string names;
  for (const auto& event : sample_events()) names.append(event.name).append("\n");
  return print(names);
}

}  // namespace

int events(const Arguments& arguments, const Context& /*context*/) {
  std::string name;
  CLI::App app(kDescription, "shellstrap events");
  describe(app, name);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (arguments.empty()) return list();
  const auto event = find_sample_event(name);
  return event ? print(event->json) : refuse(app, unknown_sample_event(name));
}

void show_events_line(const LineReader& read) {
  std::string name;
  CLI::App app(kDescription, "shellstrap events");
  describe(app, name);
  read(app);
}

}  // namespace cli
