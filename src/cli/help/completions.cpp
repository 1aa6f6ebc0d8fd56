// SPDX-License-Identifier: Apache-2.0
#include "cli/help/completions.h"

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
    "Prints what makes a shell complete shellstrap's verbs, options and their values.\n";

constexpr auto kEpilogue =
    "Examples:\n"
    "  shellstrap completions bash > ~/.local/share/bash-completion/completions/shellstrap\n"
    "  shellstrap completions zsh > ~/.zfunc/_shellstrap    (a folder of fpath, before compinit)\n"
    "  shellstrap completions fish > ~/.config/fish/completions/shellstrap.fish";
// clang-format on

void describe(CLI::App& app, std::string& shell) {
  app.add_option("SHELL", shell, "the shell")->option_text("bash|zsh|fish")->required();
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

std::string text_for(const std::string& shell) {
  if (shell == "bash") return bash_completions();
  return shell == "zsh" ? zsh_completions() : fish_completions();
}

}  // namespace

int completions(const Arguments& arguments, const Context& /*context*/) {
  std::string shell;
  CLI::App app(kDescription, "shellstrap completions");
  describe(app, shell);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text_for(shell));
  return kSuccess;
}

void show_completions_line(const LineReader& read) {
  std::string shell;
  CLI::App app(kDescription, "shellstrap completions");
  describe(app, shell);
  read(app);
}

}  // namespace cli
