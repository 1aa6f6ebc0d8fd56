// SPDX-License-Identifier: Apache-2.0
#include "excuses.h"

#include "handler/shell/shell_message.h"

#include <regex>
#include <utility>

namespace oracle {
namespace {

bool rewrite(std::string& text, const std::regex& what, const char* replacement) {
  auto rewritten = std::regex_replace(text, what, replacement);
  return std::exchange(text, std::move(rewritten)) != text;
}

bool contains(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

// $$ is the shell that has sourced the file, BASHPID the call: elsewhere the two are the same until there is
// a subshell.
bool process_number(Neutral& neutral) {
  static const std::regex shell(R"(\$\$)");
  return rewrite(neutral.body.file, shell, "$$BASHPID");
}

bool subshell_depth(Neutral& neutral) {
  static const std::regex depth(R"(\$\{?BASH_SUBSHELL\}?)");
  return rewrite(neutral.body.file, depth, "1");
}

// Our functions stand below the user's.
bool call_stack(Neutral& neutral) {
  static const std::regex stack(R"((FUNCNAME|BASH_SOURCE|BASH_LINENO)\[[@*0-9-]+\])");
  static const std::regex caller(R"(\bcaller( [0-9])?)");
  const bool stacks = rewrite(neutral.body.file, stack, "RANDOM:+1");
  return rewrite(neutral.body.file, caller, ":") || stacks;
}

bool seconds(Neutral& neutral) {
  static const std::regex clock(R"(\$\{?SECONDS\}?)");
  return rewrite(neutral.body.file, clock, "1");
}

// It would run in the shell that goes on.
bool exit_trap_of_the_file(Neutral& neutral) {
  neutral.before_call += "builtin trap - EXIT; ";
  return contains(neutral.body.file, "EXIT");
}

// It is a warning.
bool status_of_source(Neutral& neutral) {
  neutral.body.file += "\n:\n";
  return true;
}

bool job_messages(Neutral& neutral) {
  return neutral.without_jobs = true;
}

bool output_after_the_end(Neutral& neutral) {
  neutral.until = Until::end;
  return contains(neutral.body.file, "&\n");
}

// 127 where text of -c ends by it, 1 in scripts and in every subshell.
bool status_of_an_expansion_error(Neutral& neutral) {
  return neutral.in_a_subshell = true;
}

// A call's end is an EXIT trap, and a bash that has one puts such a signal off, of its subshells too, until
// the command is over: who has ended by then has ended by itself.
bool signal_to_itself(Neutral& neutral) {
  neutral.before_call += "builtin trap : EXIT; ";
  return contains(neutral.body.file, "kill ");
}

// They are marked for the environment before a call, and a listing shows those that it does not have, too.
bool names_of_the_invocation(Neutral& neutral) {
  neutral.before_call += "builtin export";
  for (const auto name : handler::kUsualVariables) neutral.before_call.append(" ").append(name);
  neutral.before_call += "; ";
  return contains(neutral.body.file, "export") || contains(neutral.body.file, "declare");
}

constexpr Excuse kExcuses[] = {
    {"$$ and BASHPID", process_number},
    {"BASH_SUBSHELL", subshell_depth},
    {"FUNCNAME and caller", call_stack},
    {"SECONDS", seconds},
    {"EXIT trap of the file", exit_trap_of_the_file},
    {"status of source's last command", status_of_source},
    {"job messages", job_messages},
    {"output after the function's end", output_after_the_end},
    {"status of an expansion error", status_of_an_expansion_error},
    {"signal of a subshell to itself", signal_to_itself},
    {"names of the invocation", names_of_the_invocation},
};

}  // namespace

std::span<const Excuse> excuses() {
  return kExcuses;
}

}  // namespace oracle
