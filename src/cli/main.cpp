// SPDX-License-Identifier: Apache-2.0
#include "cli/main.h"

#include "base/io/memory_file.h"
#include "base/version.h"
#include "cli/help/help.h"
#include "cli/invoke/like_lambda.h"
#include "cli/line/terminal.h"
#include "cli/line/verb_line.h"
#include "cli/line/verbs.h"

#include <unistd.h>

#include <string>

namespace cli {
namespace {

int print(int fd, const std::string& text, int status) {
  [[maybe_unused]] const auto given_up = base::write_all(fd, text);
  return status;
}

}  // namespace

int run(const Arguments& arguments, const Context& context) {
  decide_colours(context.environment);
  if (arguments.empty()) return print(STDERR_FILENO, usage_text(), kUsageError);
  const std::string& word = arguments.front();
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (word == "--help" || word == "-h") return help({}, context);
  if (word == "--version")
    return print(STDOUT_FILENO, "shellstrap " + std::string(base::version()) + "\n", kSuccess);
  if (word == kLikeLambdaVerb) return become_like_lambda(rest, context);
  const Verb* verb = find_verb(word);
  return verb != nullptr ? verb->run(rest, context) : refuse(unknown_verb(word), "shellstrap");
}

}  // namespace cli
