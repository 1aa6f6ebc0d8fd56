// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_options.h"

#include "cli/line/raw_texts.h"
#include "cli/line/verb_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Looks through a function's package for what would keep it from running in provided.al2023: the\n"
    "handler, modes, links, sizes, machine and libraries of programs, and what shell scripts use that the\n"
    "image lacks. Reads the files only and runs nothing.\n";

constexpr auto kEpilogue =
    "Each finding is a line, PATH:LINE: error|warning: what and how to mend it. A warning says \"may\":\n"
    "scripts are read word by word, not run. A comment in a script, \"# needs: git flock\", declares\n"
    "commands that come from elsewhere; programs in bin/ of a --layer count as there.\n\n"
    "Settings other than the command are checked when an environment starts: shellstrap invoke.\n\n"
    "Exit status: 0 nothing, or only warnings; 1 errors, with --strict also warnings; 2 wrong usage.\n\n"
    "Examples:\n"
    "  shellstrap check function/ --handler main.sh\n"
    "  shellstrap check function/ --handler main.sh --format github\n"
    "  shellstrap check function.zip --handler functions.handler --layer git.zip --arch arm64 --strict";
// clang-format on

void describe(CLI::App& app, CheckWords& words) {
  auto& options = words.options;
  app.add_option("PACKAGE", options.package, "the function's folder or zip file")->required();
  add_check_options(app, words);
  add_texts(app, "--layer", options.layers, "a layer's folder or zip file; may be repeated")
      ->option_text("DIR|ZIP");
  app.add_option("--format", options.format, "of what is printed (default text)")
      ->option_text("text|github|sarif|json");
  app.add_flag("--strict", options.strict, "warnings count as errors for the exit status");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

}  // namespace

bool is_arm_machine() {
#if defined(__aarch64__)
  return true;
#else
  return false;
#endif
}

void add_check_options(CLI::App& app, CheckWords& words) {
  app.add_option("--handler", words.options.handler, "the function's handler setting")
      ->option_text("HANDLER");
  add_texts(app, "--env", words.variables, "a variable of the function; may be repeated")
      ->option_text("NAME=VALUE");
  app.add_option("--arch", words.arch, "the machine (default: this one's kind)")->option_text("x86_64|arm64");
}

std::string complete(CheckWords& words) {
  words.options.is_arm = words.arch.empty() ? is_arm_machine() : words.arch == "arm64";
  for (const auto& text : words.variables) {
    auto variable = parse_variable(text);
    if (!variable) return "--env " + variable.error().message;
    words.options.variables.push_back(*std::move(variable));
  }
  return "";
}

std::variant<CheckOptions, int> parse_check_options(const Arguments& arguments) {
  CheckWords words;
  CLI::App app(kDescription, "shellstrap check");
  describe(app, words);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (const auto wrong = complete(words); !wrong.empty()) return refuse(app, wrong);
  return std::move(words.options);
}

void show_check_line(const LineReader& read) {
  CheckWords words;
  CLI::App app(kDescription, "shellstrap check");
  describe(app, words);
  read(app);
}

}  // namespace cli
