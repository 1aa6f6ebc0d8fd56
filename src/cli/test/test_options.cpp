// SPDX-License-Identifier: Apache-2.0
#include "cli/test/test_options.h"

#include "cli/line/verb_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Runs a function on the cases in its folder tests/, through the real bootstrap with true deadlines,\n"
    "and compares what it answers with what each case expects. TAP goes to standard output.\n";

constexpr auto kEpilogue =
    "A case is a folder tests/NAME with files:\n"
    "  event, event.json  the event (without one: {})\n"
    "  expected           the answer, byte for byte; of an error its type and message, as JSON\n"
    "  status             ok (default) or error\n"
    "  stderr             lines, each of which must be found in the log of the call\n"
    "  mask               JSON pointers of values that are not compared, one a line; tests/mask: for all\n\n"
    "One environment serves all cases; a call that ends it costs itself only. Each case is run twice: the\n"
    "second call must answer as the first did.\n\n"
    "Instead of --handler, after all options: -- COMMAND ARGUMENTS...; or \"command\" in shellstrap.json.\n\n"
    "Exit status: 0 all passed; 1 some failed; 2 wrong usage, no case, or init failed; 130 after Ctrl-C\n"
    "(128 + signal), with what was done until then.\n\n"
    "Examples:\n"
    "  shellstrap test\n"
    "  shellstrap test function/ --handler main.sh --timeout 10 --junit report.xml\n"
    "  shellstrap test --filter 'resize-*' --update\n"
    "  shellstrap test function/ --json -- jq .name";
// clang-format on

void describe(CLI::App& app, TestOptions& options) {
  app.add_option("DIR", options.function.task_root, "the function's folder (default: the current one)");
  app.add_option("--handler", options.function.handler,
                 "executable, script, FILE.FUNCTION or command, from DIR")
      ->option_text("HANDLER");
  app.add_option("--filter", options.filter, "run the cases whose names match, as file names do in a shell")
      ->option_text("GLOB");
  app.add_flag("--once", options.once, "call each case once, not twice");
  app.add_flag("--json", options.as_json, "where answer and expected are JSON, compare values, not bytes");
  app.add_flag("--update", options.update, "write what is answered to expected, and say where it changed");
  app.add_option("--junit", options.junit, "write the results to a file, as JUnit's XML")
      ->option_text("FILE");
  add_settings(app, options.function);
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

}  // namespace

std::variant<TestOptions, int> parse_test_options(const Arguments& arguments) {
  TestOptions options;
  options.function.handler_word = "--handler";
  CLI::App app(kDescription, "shellstrap test");
  describe(app, options);
  if (const auto status = parse_verb_line(app, arguments, options.function.command)) return *status;
  return options;
}

void show_test_line(const LineReader& read) {
  TestOptions options;
  CLI::App app(kDescription, "shellstrap test");
  describe(app, options);
  read(app);
}

}  // namespace cli
