// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_options.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using Words = std::vector<std::string>;

TEST(ShellOptionsTest, LettersAndNamesBecomeArgumentsOfSet) {
  const std::pair<const char*, Words> cases[] = {
      {"uo pipefail", {"-uo", "pipefail"}},
      {"-euo pipefail", {"-euo", "pipefail"}},
      {"e", {"-e"}},
      {"eoo pipefail posix", {"-eoo", "pipefail", "posix"}},
      {"  u  ", {"-u"}},
      {"", {}},
  };
  for (const auto& [text, words] : cases) {
    const auto parsed = handler::parse_shell_options(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, words) << text;
  }
}

TEST(ShellOptionsTest, WhatIsNoOptionIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"n", "n"},  {"ez", "z"},   {"uo pipefall", "pipefall"}, {"uo", "each o"}, {"u pipefail", "each o"},
      {"--", "-"}, {"e;id", ";"}, {"uo $(id)", "$(id)"},
  };
  for (const auto& [text, named] : cases) {
    const auto parsed = handler::parse_shell_options(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(named), std::string::npos) << parsed.error().message;
  }
}

}  // namespace
