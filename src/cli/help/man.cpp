// SPDX-License-Identifier: Apache-2.0
#include "cli/help/man.h"

#include "base/io/memory_file.h"
#include "cli/line/verb_line.h"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Prints a page of the manual: of this program, or of the settings that a function has.\n";

constexpr auto kEpilogue =
    "Examples:\n"
    "  shellstrap man | man -l -\n"
    "  shellstrap man settings > ~/.local/share/man/man5/shellstrap-settings.5";
// clang-format on

void describe(CLI::App& app, std::string& page) {
  app.add_option("PAGE", page, "the page (default: shellstrap)")->option_text("shellstrap|settings");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

}  // namespace

int man(const Arguments& arguments, const Context& /*context*/) {
  std::string page;
  CLI::App app(kDescription, "shellstrap man");
  describe(app, page);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  [[maybe_unused]] const auto given_up =
      base::write_all(STDOUT_FILENO, page == "settings" ? settings_page() : program_page());
  return kSuccess;
}

void show_man_line(const LineReader& read) {
  std::string page;
  CLI::App app(kDescription, "shellstrap man");
  describe(app, page);
  read(app);
}

}  // namespace cli
