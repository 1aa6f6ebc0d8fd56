// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_message.h"

#include "handler/shell/shell_driver.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::string_literals;
using handler::shell_message;

std::vector<std::string> usual() {
  std::vector<std::string> variables;
  for (const auto name : handler::kUsualVariables)
    variables.push_back(std::string(name) + "=of " + std::string(name));
  return variables;
}

std::string values_of_usual() {
  std::string text;
  for (const auto name : handler::kUsualVariables) text.append("of ").append(name).push_back('\0');
  return text;
}

TEST(ShellMessageTest, UsualVariablesAreValuesInTheirOrderHoweverTheyCome) {
  auto variables = usual();
  std::swap(variables.front(), variables.back());
  const auto message = shell_message(variables);
  EXPECT_EQ(message.text, values_of_usual());
  EXPECT_EQ(message.parts, handler::kUsualVariables.size());
}

TEST(ShellMessageTest, WhatIsNotUsualGoesByNameBehindAnEmptyPart) {
  const auto message = shell_message({"A=1", "B="});
  EXPECT_EQ(message.text, "\0A=1\0B=\0"s);
  EXPECT_EQ(message.parts, 3U);
}

TEST(ShellMessageTest, OneTooManyOrTooFewGoesByName) {
  auto more = usual();
  more.push_back("TMPDIR=/tmp/x");
  EXPECT_EQ(shell_message(more).text.front(), '\0');
  auto less = usual();
  less.pop_back();
  EXPECT_EQ(shell_message(less).text.front(), '\0');
  less.push_back("OTHER=1");
  EXPECT_EQ(shell_message(less).parts, handler::kUsualVariables.size() + 1);
}

TEST(ShellMessageTest, AnEmptyRequestIdIsNotTakenForTheSignOfNames) {
  auto variables = usual();
  variables.front() = "AWS_LAMBDA_REQUEST_ID=";
  const auto message = shell_message(variables);
  EXPECT_EQ(message.parts, handler::kUsualVariables.size() + 1);
  EXPECT_EQ(message.text.substr(0, 24), "\0AWS_LAMBDA_REQUEST_ID=\0"s);
}

TEST(ShellMessageTest, TheDriverHasTheSameOrder) {
  const std::string driver(handler::shell_driver());
  const auto& names = handler::kUsualVariables;
  for (std::size_t place = 0; place < names.size(); ++place) {
    const std::string name(names[place]);
    const auto taken = name + "=${_shellstrap_message[" + std::to_string(place) + "]}";
    EXPECT_NE(driver.find(taken), std::string::npos) << taken;
    const auto found_read_only = "declare -- " + name + "= || \\exit " + std::to_string(11 + place) + "\n";
    EXPECT_NE(driver.find(found_read_only), std::string::npos) << found_read_only;
  }
}

}  // namespace
