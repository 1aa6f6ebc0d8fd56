// SPDX-License-Identifier: Apache-2.0
#include "generator.h"

#include "grammar.h"

#include <algorithm>
#include <regex>

namespace oracle {
namespace {

constexpr const char* kEvents[] = {"{\"k\": \"v\"}", "{\"k\": \"v\"}\n", "one\ntwo\nthree\n", "",
                                   "*  $(id) 'x'"};

// Who looks at the shell as a whole, at the time or at lines, ends the shell by an expansion, or leaves
// something, says nothing more inside another.
constexpr const char* kAlone[] = {"sleep",
                                  "kill -USR1 0",
                                  "kill %",
                                  "coproc",
                                  "FUNCNEST",
                                  "LINENO",
                                  "yes |",
                                  "SECONDS",
                                  "TIMEFORMAT",
                                  "CHLD",
                                  "jobs",
                                  "FUNCNAME",
                                  "BASH_SOURCE",
                                  "caller",
                                  "BASHPID ]]",
                                  "BASH_SUBSHELL",
                                  "extdebug",
                                  "set -n",
                                  "set -v",
                                  "set -x",
                                  "set -t",
                                  "function.sh",
                                  "trap -p",
                                  "echo file' EXIT",
                                  "trap 'no_such",
                                  "HUP",
                                  "trap\n",
                                  "$_",
                                  "${!",
                                  "$!",
                                  "/proc",
                                  "handler",
                                  "INT",
                                  "SHLVL",
                                  "ulimit",
                                  "NOT_SET",
                                  "r=2"};

bool is_composable(const Body& body) {
  const auto text = body.before + body.function;
  return body.after.empty() && std::none_of(std::begin(kAlone), std::end(kAlone), [&](const char* words) {
           return text.find(words) != std::string::npos;
         });
}

std::string function(const std::string& name, const std::string& text) {
  return name + "() {\n" + text + "}\n";
}

// Functions of the file, and what calls them.
std::string grown(Chance& chance) {
  Grammar grammar(chance);
  auto file = grammar.options();
  if (chance.of(80)) file += grammar.trap() + "\n";
  const auto functions = chance.below(3);
  for (std::size_t number = 1; number <= functions; ++number) {
    file += function("f" + std::to_string(number), grammar.statements(4, 1));
    grammar.allow_functions(number);
  }
  auto body = grammar.statements(6, 2);
  if (chance.of(3)) body += "(sleep 0.2; echo late) &\n";
  file += function("handler", body);
  if (chance.of(10)) file += "false\n";
  return file;
}

}  // namespace

Generator::Generator(std::uint64_t seed) : seed_(seed), bodies_(bodies_by_hand()) {
  std::erase_if(bodies_, [](const Body& body) { return !is_composable(body); });
}

std::string Generator::composed(Chance& chance) const {
  Grammar grammar(chance);
  const std::span<const Body> all(bodies_);
  const auto& outer = chance.one_of(all);
  const auto& inner = chance.one_of(all);
  auto file = grammar.options() + outer.before + function("composed", inner.function);
  auto call = grammar.placed(chance.of(500) ? "composed" : "composed \"$1\"");
  if (chance.of(400)) call = inner.before + call;
  const auto before = chance.of(300) ? grammar.statements(2, 1) : std::string();
  return file + function("handler",
                         chance.of(500) ? before + call + outer.function : before + outer.function + call);
}

Case Generator::make(std::uint64_t number) const {
  Chance chance(seed_ * 1'000'003 + number);
  std::string file;
  do file = chance.of(400) ? composed(chance) : grown(chance);
  while (is_a_race(file));
  return {"case " + std::to_string(number), file, chance.one_of(kEvents)};
}

bool is_a_race(const std::string& file) {
  static const std::regex traces("DEBUG|set -[a-zA-Z]*[xvT]|xtrace|functrace");
  static const std::regex concurrent("[^|]\\|[^|]|&\n|<\\(|>\\(|\\|$");
  static const std::regex traces_errors("set -[a-zA-Z]*E|errtrace");
  static const std::regex unread("[^|]\\|(?! *(cat|\\{ *cat|\\{\n +cat|\\|))");
  if (std::regex_search(file, traces) && std::regex_search(file, concurrent)) return true;
  return std::regex_search(file, traces_errors) && std::regex_search(file, unread);
}

}  // namespace oracle
