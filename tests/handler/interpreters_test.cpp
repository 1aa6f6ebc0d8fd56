// SPDX-License-Identifier: Apache-2.0
#include "handler/program/interpreters.h"

#include <gtest/gtest.h>

TEST(InterpretersTest, ShellsAndScriptLanguagesRunTheirInput) {
  for (const auto* path :
       {"sh", "bash", "/bin/dash", "python3", "/usr/bin/python3.11", "perl5.36-x86_64-linux-gnu", "node",
        "python3.13t", "ruby3.1", "php8.2", "lua5.4", "/opt/bin/zsh"})
    EXPECT_TRUE(handler::runs_stdin_as_code(path)) << path;
}

TEST(InterpretersTest, OtherProgramsDoNot) {
  for (const auto* path : {"jq", "cat", "/usr/bin/git", "shuf", "bashful", "nodelist", "python-report", "",
                           "7z", "awk", "python3.py", "perl5.pl", "ruby3.rb", "node1.test.js", "lua5x.sh"})
    EXPECT_FALSE(handler::runs_stdin_as_code(path)) << path;
}
