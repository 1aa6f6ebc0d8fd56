// SPDX-License-Identifier: Apache-2.0
#include "grammar.h"

#include <string_view>

namespace oracle {
namespace {

constexpr const char* kCommands[] = {
    "true",
    "false",
    "! true",
    "! false",
    "no_such_command",
    "cat",
    "read -r line",
    "echo \"$?\"",
    "echo \"status $? ${PIPESTATUS[*]}\"",
    "echo out",
    "echo err >&2",
    "x=1",
    "[[ -n $x ]]",
    "[ -z \"$1\" ]",
    "((x))",
    "((++n))",
    "test 1 -gt 2 || false",
    "false && true",
    "true && false",
    "false || true",
    "eval 'false'",
    "eval 'return 4'",
    "eval 'exit 6'",
    "command false",
    "builtin false",
    "x=$(false)",
    "x=$(echo v; exit 3)",
    "local v=$(exit 4)",
    "echo \"<$(false; echo in)>\"",
    "sh -c 'exit 6'",
    "sh -c 'echo sh; exit 5' | cat",
    "true | cat",
    "false | cat",
    "bash -c 'kill -9 $BASHPID'",
    "source /dev/stdin <<<'echo sourced; false'",
    "source /dev/stdin <<<'return 3'",
    "echo x >/nonexistent/file",
    "{ echo group; false; } 2>&1",
    "cat <<<here",
    ": \"${x:=default}\"",
    "shift",
    "echo \"$# $-\"",
    "exec 2>&1",
    "trap -p USR1",
    "unset x",
    "wait",
};

constexpr const char* kOptions[] = {
    "-e", "-e", "-eu",           "-u",      "-o pipefail", "-E", "-eE", "-eo pipefail", "-euo pipefail",
    "-T", "-f", "-eEo pipefail", "-o posix"};

constexpr const char* kTraps[] = {"ERR",  "ERR",  "EXIT",       "RETURN",  "DEBUG",
                                  "USR1", "TERM", "ERR RETURN", "EXIT ERR"};

constexpr const char* kSignals[] = {"USR1", "USR1", "USR2", "TERM", "TERM", "KILL"};

// Each of them differs by nature, and is to be seen.
constexpr const char* kRare[] = {
    "[[ $$ == $BASHPID ]] && echo same",
    "echo \"depth $BASH_SUBSHELL\"",
    "echo \"${FUNCNAME[*]}\"",
    "caller",
    "echo \"$SECONDS\"",
    "echo \"$unset_variable\"",
    "echo \"${unset_variable:?is not set}\"",
};

std::string indented(const std::string& lines) {
  std::string text;
  for (std::size_t start = 0; start < lines.size();) {
    const auto end = lines.find('\n', start);
    text += "  " + lines.substr(start, end - start) + "\n";
    start = end + 1;
  }
  return text;
}

std::string quoted(const std::string& words) {
  std::string text = "'";
  for (const char letter : words) text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return text + "'";
}

}  // namespace

std::string Grammar::statements(std::size_t most, std::size_t depth) {
  std::string text;
  for (auto left = 1 + chance_.below(most); left > 0; --left) text += statement(depth);
  return text;
}

std::string Grammar::options() {
  std::string text;
  if (chance_.of(600)) text += option() + "\n";
  if (chance_.of(150)) text += option() + "\n";
  if (chance_.of(80)) text += "shopt -s inherit_errexit\n";
  if (chance_.of(40)) text += "shopt -s lastpipe\n";
  if (chance_.of(30)) text += "shopt -s nocasematch\n";
  if (chance_.of(20)) text += "IFS=,\n";
  return text;
}

std::string Grammar::option() {
  return std::string("set ") + chance_.one_of(kOptions);
}

std::string Grammar::trap() {
  const std::string name = chance_.one_of(kTraps);
  const std::string ends[] = {"", "", "", "; false", "; exit " + chance_.number(), "; (exit 3)"};
  // One for DEBUG that fails would end the shell before any command, under -e.
  const auto& end = name == "DEBUG" ? ends[0] : chance_.one_of(ends);
  return "trap 'echo \"" + name + " $?\"" + end + "' " + name;
}

std::string Grammar::label() {
  return "echo \"" + std::to_string(++labels_) + " $?\"";
}

std::string Grammar::simple() {
  switch (chance_.below(16)) {
    case 0:
    case 1:
    case 2:
      return label();
    case 3:
      return "(exit " + chance_.number() + ")";
    case 4:
      return "return " + chance_.number();
    case 5:
      return "exit " + chance_.number();
    case 6:
      return trap();
    case 7:
      return option();
    case 8:
      return "set +e";
    case 9:
      return std::string("kill -") + chance_.one_of(kSignals) + " $BASHPID";
    case 10:
    case 11:
      if (functions_ > 0) return "f" + std::to_string(1 + chance_.below(functions_));
      [[fallthrough]];
    default:
      return chance_.one_of(kCommands);
  }
}

std::string Grammar::rare() {
  return chance_.one_of(kRare);
}

std::string Grammar::placed(const std::string& call) {
  const std::string places[] = {
      call,
      "(" + call + ")",
      "x=$(" + call + ")",
      "echo \"<$(" + call + ")>\"",
      "local y=$(" + call + ")",
      call + " || echo \"or $?\"",
      call + " && echo and",
      "! " + call,
      "if " + call + "; then echo yes; else echo \"no $?\"; fi",
      "while " + call + "; do echo once; break; done",
      call + " | cat",
      "true | { cat; " + call + "; }",
      "{ " + call + "; } 2>&1",
      "{ " + call + "; } 2>/dev/null",
      "eval " + quoted(call),
      "for i in 1 2; do " + call + "; done",
      "case x in *) " + call + " ;; esac",
      "(" + call + ") &\nwait \"$!\"",
      call + " < <(echo other)",
      "(set -e; " + call + "; echo still)",
      "(" + call + ") || return",
  };
  return chance_.one_of(places) + "\n";
}

std::string Grammar::compound(std::size_t depth) {
  const auto inner = [&] { return indented(statements(3, depth - 1)); };
  switch (chance_.below(9)) {
    case 0:
      return "(\n" + inner() + ")\n";
    case 1:
      return "{\n" + inner() + "}\n";
    case 2:
      return "x=$(\n" + inner() + ")\n";
    case 3:
      return "if\n" + inner() + "then\n" + inner() + "else\n" + inner() + "fi\n";
    case 4:
      return "for i in 1 2; do\n" + inner() + "done\n";
    case 5:
      return "{\n" + inner() + "} | cat\n";
    case 6:
      return "{\n" + inner() + "} | {\n  cat\n" + inner() + "}\n";
    case 7:
      return "{\n" + inner() + "} &\nwait \"$!\"\n";
    default:
      return "(\n" + inner() + ") || " + label() + "\n";
  }
}

std::string Grammar::statement(std::size_t depth) {
  if (chance_.of(4)) return rare() + "\n";
  if (depth > 0 && chance_.of(300)) return compound(depth);
  if (chance_.of(150)) return placed(simple());
  return simple() + "\n";
}

}  // namespace oracle
