// SPDX-License-Identifier: Apache-2.0
#include "cli/new/new.h"

#include "base/io/memory_file.h"
#include "cli/line/verb_line.h"
#include "cli/new/new_folder.h"
#include "cli/new/new_kinds.h"

#include <unistd.h>

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Makes a folder with a function of one kind: a handler that works, shellstrap.json, two events with\n"
    "their answers in tests/, a SAM template and a README. All of it is yours to change.\n";
// clang-format on

std::string epilogue() {
  std::string text = "Kinds:\n";
  for (const auto& kind : new_kinds())
    text.append("  ").append(kind.name).append(11 - kind.name.size(), ' ').append(kind.summary).append("\n");
  return text +
         "\nExit status: 0, or 2: wrong usage, a folder that is not empty, or one that cannot be written.\n\n"
         "Examples:\n"
         "  shellstrap new script hello\n"
         "  shellstrap new webhook";
}

void describe(CLI::App& app, std::string& kind, std::string& folder) {
  app.add_option("KIND", kind, "of the list below")->required();
  app.add_option("DIR", folder, "the folder to make (default: the kind's name, here)");
  app.set_help_flag("-h,--help", "this text");
  app.footer(epilogue());
}

/// The event of the kind's first case.
std::string first_event(const NewKind& kind) {
  const auto files = new_files();
  const auto found = std::ranges::find_if(files, [&](const NewFile& file) {
    return file.kind == kind.name && file.path.starts_with("tests/") && file.path.ends_with("/event.json");
  });
  return found == files.end() ? "" : std::string(found->path);
}

/// A word for a shell.
std::string quoted(const std::string& word) {
  constexpr auto kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
  if (!word.empty() && word.front() != '-' && word.find_first_not_of(kPlain) == std::string::npos)
    return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return (word.starts_with('-') ? "./" : "") + text + "'";
}

std::string next_steps(const NewKind& kind, const std::string& folder) {
  const auto option = [](const char* name, std::string_view value) {
    return value.empty() ? "" : std::string(name) + std::string(value);
  };
  return "made " + folder + "; next:\n  cd " + quoted(folder) + "\n  shellstrap invoke -e " +
         first_event(kind) + option(" --env-file ", kind.env_file) + option(" ", kind.handler) +
         "\n  shellstrap test" + option(" --env-file ", kind.env_file) + option(" --handler ", kind.handler) +
         "\n  shellstrap pack" + option(" --handler ", kind.handler) + "\nREADME.md there says more.\n";
}

}  // namespace

int new_function(const Arguments& arguments, const Context& context) {
  std::string name, folder;
  CLI::App app(kDescription, "shellstrap new");
  describe(app, name, folder);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  const auto* kind = find_new_kind(name);
  if (kind == nullptr) return refuse(app, unknown_new_kind(name));
  if (folder.empty()) folder = name;
  if (const auto written = write_new_folder(*kind, folder); !written) return refuse(context, written.error());
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, next_steps(*kind, folder));
  return kSuccess;
}

void show_new_line(const LineReader& read) {
  std::string kind, folder;
  CLI::App app(kDescription, "shellstrap new");
  describe(app, kind, folder);
  read(app);
}

}  // namespace cli
