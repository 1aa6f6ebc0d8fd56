// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/doctor.h"

#include "base/io/memory_file.h"
#include "cli/doctor/needs.h"
#include "cli/line/terminal.h"
#include "cli/line/verb_line.h"

#include <unistd.h>

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Says what verbs need of this machine, whether it is there, and how to get it. Runs nothing.\n";

constexpr auto kEpilogue =
    "Exit status: 0; 1 something is missing: of the verbs that were named anything, without a name what a\n"
    "verb cannot do without; 2 wrong usage.\n\n"
    "Examples:\n"
    "  shellstrap doctor\n"
    "  shellstrap doctor invoke";
// clang-format on

constexpr int kMissing = 1;

void describe(CLI::App& app, std::vector<std::string>& verbs) {
  app.add_option("VERB", verbs, "verbs to look at (default: all)");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, text.size()), ' ');
  return cell + " ";
}

/// "invoke  bash   ok       /usr/bin/bash, for shell functions, FILE.FUNCTION"
std::string row(const Need& need) {
  const auto purpose = need.purpose.empty() ? "" : ", " + need.purpose;
  const auto state = need.is_missing() ? in_colour(Colour::red, "missing", STDOUT_FILENO)
                                       : in_colour(Colour::green, "ok", STDOUT_FILENO) + "     ";
  const auto rest = need.is_missing() ? need.remedy + purpose : need.found + purpose;
  return padded(need.verb, 8) + padded(need.what, 16) + state + " " + rest + "\n";
}

}  // namespace

int doctor(const Arguments& arguments, const Context& context) {
  std::vector<std::string> named;
  CLI::App app(kDescription, "shellstrap doctor");
  describe(app, named);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  for (const auto& verb : named)
    if (find_verb(verb) == nullptr) return refuse(app, unknown_verb(verb));
  std::string text;
  int status = kSuccess;
  for (const auto& need : needs(context.environment)) {
    if (!named.empty() && std::ranges::find(named, need.verb) == named.end()) continue;
    text += row(need);
    if (need.is_missing() && (!named.empty() || need.purpose.empty())) status = kMissing;
  }
  if (text.empty()) text = "nothing is needed beside shellstrap itself\n";
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text);
  return status;
}

void show_doctor_line(const LineReader& read) {
  std::vector<std::string> verbs;
  CLI::App app(kDescription, "shellstrap doctor");
  describe(app, verbs);
  read(app);
}

}  // namespace cli
