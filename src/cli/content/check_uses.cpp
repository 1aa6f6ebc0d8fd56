// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_uses.h"

#include "cli/content/check_commands.h"

#include <set>

namespace cli {
namespace {

class UsesCheck {
 public:
  UsesCheck(const std::string& path, const ShellScan& scan, const Surroundings& all, Findings& findings)
      : path_(path), scan_(scan), all_(all), findings_(findings) {}

  void run() {
    std::set<std::string> said;  // a command is worth one line
    for (const auto& use : scan_.uses) {
      if (use.kind == ShellUse::Kind::command) {
        if (!knows(use.word) && said.insert(use.word).second) lacks(use);
      } else if (said.insert(use.word).second) {
        risky(use);
      }
    }
  }

 private:
  void warning(const std::string& sentence, std::size_t line) { findings_.warning(path_, line, sentence); }

  [[nodiscard]] bool knows(const std::string& word) const {
    if (word.find('/') != std::string::npos) return !word.starts_with("/usr/") || is_there(word, all_);
    return is_shell_builtin(word) || is_command(word, all_) || all_.functions.contains(word) ||
           scan_.needs.contains(word) || word.starts_with("shellstrap_") ||
           (scan_.sets_path && all_.package_commands.contains(word));
  }

  void lacks(const ShellUse& use) {
    warning(use.word + " may be missing" + why_missing(use.word, findings_), use.line);
  }

  void risky(const ShellUse& use) {
    if (use.kind == ShellUse::Kind::write)
      warning("writing to " + use.word + " may fail: only /tmp can be written to", use.line);
    if (use.kind == ShellUse::Kind::device)
      warning(use.word + " is missing on Lambda. " +
                  (use.word.starts_with("/dev/shm") ? "Use a file in /tmp"
                                                    : "Use redirections (<&3, >&2) in place of /dev/fd and a "
                                                      "terminal"),
              use.line);
    if (use.kind == ShellUse::Kind::process_substitution)
      warning(use.word +
                  "...) may fail: it needs /dev/fd, which Lambda lacks. Use a pipe, a here-document or "
                  "a file in /tmp",
              use.line);
  }

  const std::string& path_;
  const ShellScan& scan_;
  const Surroundings& all_;
  Findings& findings_;
};

}  // namespace

void check_uses(const std::string& path, const ShellScan& scan, const Surroundings& all, Findings& findings) {
  UsesCheck(path, scan, all, findings).run();
}

}  // namespace cli
