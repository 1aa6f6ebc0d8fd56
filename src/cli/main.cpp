// SPDX-License-Identifier: Apache-2.0
#include "cli/main.h"

#include "base/io/memory_file.h"
#include "base/version.h"
#include "cli/check/check.h"
#include "cli/events/events.h"
#include "cli/invoke/invoke.h"
#include "cli/invoke/like_lambda.h"
#include "cli/new/new.h"
#include "cli/pack/pack.h"
#include "cli/serve/serve.h"
#include "cli/test/test.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cli {
namespace {

struct Verb {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Arguments& arguments, const Context& context);
};

constexpr std::array kVerbs = {
    Verb{"new", "make a folder with a function that works, of one of eight kinds", &new_function},
    Verb{"invoke", "run a function on one or more events; the response goes to standard output", &invoke},
    Verb{"serve", "serve a function to AWS SDKs and the AWS CLI on 127.0.0.1", &serve},
    Verb{"test", "run the cases in a function's folder tests/ and compare the answers", &test},
    Verb{"events", "list and print sample events of AWS services", &events},
    Verb{"check", "look through a package for what would keep it from running on Lambda", &check},
    Verb{"pack", "check a function's folder and make the zip of it that Lambda takes", &pack},
};

const Verb* find_verb(std::string_view name) {
  const auto* found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : found;
}

void print(std::string_view text) {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text);
}

std::string help_text() {
  std::string text =
      "shellstrap: any executable as an AWS Lambda function, run on this machine through the real "
      "bootstrap\n\n"
      "Usage: shellstrap VERB [options]\n\nVerbs:\n";
  for (const Verb& verb : kVerbs)
    text.append("  ").append(verb.name).append(9 - verb.name.size(), ' ').append(verb.summary).append("\n");
  return text +
         "\nOptions:\n"
         "  -h, --help     this text; shellstrap help VERB tells all about a verb\n"
         "  --version      the version\n\n"
         "Examples:\n"
         "  shellstrap invoke ./handler.sh -e event.json\n"
         "  shellstrap invoke -d '{\"name\":\"x\"}' -- jq .name\n"
         "  shellstrap serve ./handler.sh\n";
}

int usage_error(const std::string& what) {
  [[maybe_unused]] const auto given_up =
      base::write_all(STDERR_FILENO, "shellstrap: " + what + "; shellstrap --help lists what there is\n");
  return kUsageError;
}

int help(const Arguments& arguments, const Context& context) {
  if (arguments.empty()) {
    print(help_text());
    return kSuccess;
  }
  const Verb* verb = find_verb(arguments.front());
  if (verb == nullptr) return usage_error("there is no verb \"" + arguments.front() + "\"");
  return verb->run({"--help"}, context);
}

}  // namespace

int run(const Arguments& arguments, const Context& context) {
  if (arguments.empty()) return usage_error("a verb is missing");
  const std::string& word = arguments.front();
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (word == "help" || word == "--help" || word == "-h")
    return help(word == "help" ? rest : Arguments{}, context);
  if (word == "--version") {
    print("shellstrap " + std::string(base::version()) + "\n");
    return kSuccess;
  }
  if (word == kLikeLambdaVerb) return become_like_lambda(rest, context);
  const Verb* verb = find_verb(word);
  return verb != nullptr ? verb->run(rest, context) : usage_error("there is no verb \"" + word + "\"");
}

}  // namespace cli
