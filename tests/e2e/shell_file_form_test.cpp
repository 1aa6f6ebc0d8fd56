// SPDX-License-Identifier: Apache-2.0
// Files of shell functions, and scripts, as editors of another system leave them: an init error with the fix.
#include "support/bootstrap_process.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

struct Form {
  std::string label;
  std::string text;
  std::string type;
  std::string words;
  std::string fix;
};

const std::string kFunction = "handler() {\n  echo hi\n}\n";

std::string with_carriage_returns(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return result;
}

std::string in_utf16(const std::string& text) {
  std::string result = "\xFF\xFE";
  for (const char c : text) result.append(1, c).append(1, '\0');
  return result;
}

class ShellFileFormTest : public testing::TestWithParam<Form> {
 protected:
  void expect_init_error(const std::string& name, const std::string& handler) {
    const auto& form = GetParam();
    bootstrap_.task_root.write(name, form.text, 0755);
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = {}});
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    const auto body = json::parse(post.body, nullptr, false);
    EXPECT_EQ(body.value("errorType", ""), form.type) << post.body;
    const auto message = body.value("errorMessage", "");
    for (const auto& words : {name, form.words, form.fix})
      EXPECT_NE(message.find(words), std::string::npos) << message << "\nlacks: " << words;
  }

  support::BootstrapProcess bootstrap_;
};

using ShellFunctionsFormTest = ShellFileFormTest;
using ScriptFormTest = ShellFileFormTest;

std::string label(const testing::TestParamInfo<Form>& row) {
  return row.param.label;
}

constexpr const char* kStripReturns = "sed -i 's/\\r$//'";
constexpr const char* kStripMark = "sed -i '1s/^\\xEF\\xBB\\xBF//'";

}  // namespace

TEST_P(ShellFunctionsFormTest, IsAnInitErrorWithTheFix) {
  expect_init_error("file.sh", "file.handler");
}

INSTANTIATE_TEST_SUITE_P(Table, ShellFunctionsFormTest,
                         testing::Values(Form{"returns", with_carriage_returns(kFunction),
                                              "Runtime.UserCodeSyntaxError", "CR LF", kStripReturns},
                                         Form{"returns_in_one_line", "x=1\nhandler() {\r\n  echo hi\n}\n",
                                              "Runtime.UserCodeSyntaxError", "CR LF", kStripReturns},
                                         Form{"returns_and_the_word_function",
                                              with_carriage_returns("function handler\n{\n  echo hi\n}\n"),
                                              "Runtime.UserCodeSyntaxError", "CR LF", kStripReturns},
                                         Form{"returns_in_a_name", "function handler\r\n{\n  echo hi\n}\n",
                                              "Runtime.HandlerNotFound", "CR LF", kStripReturns},
                                         Form{"returns_that_end_the_shell",
                                              "set -e\ncd /tmp\r\nhandler() { echo hi; }\n",
                                              "Runtime.InitError", "CR LF", kStripReturns},
                                         Form{"byte_order_mark", "\xEF\xBB\xBF" + kFunction,
                                              "Runtime.InvalidHandler", "byte order mark", kStripMark},
                                         Form{"utf16", in_utf16(kFunction), "Runtime.InvalidHandler",
                                              "UTF-16", "Save it as UTF-8"},
                                         Form{"utf16_and_returns", in_utf16(with_carriage_returns(kFunction)),
                                              "Runtime.InvalidHandler", "UTF-16", "Save it as UTF-8"}),
                         label);

TEST_P(ScriptFormTest, IsAnInitErrorWithTheFix) {
  expect_init_error("script.sh", "script.sh");
}

INSTANTIATE_TEST_SUITE_P(Table, ScriptFormTest,
                         testing::Values(Form{"returns", with_carriage_returns("#!/bin/sh\necho hi\n"),
                                              "Runtime.InvalidHandler", "CR LF", kStripReturns},
                                         Form{"utf16", in_utf16("#!/bin/sh\necho hi\n"),
                                              "Runtime.InvalidHandler", "UTF-16", "Save it as UTF-8"}),
                         label);
