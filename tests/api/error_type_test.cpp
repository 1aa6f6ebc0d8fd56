// SPDX-License-Identifier: Apache-2.0
#include "api/wire/error_type.h"

#include <regex.h>

#include <vector>

#include <gtest/gtest.h>

namespace {

using api::ErrorType;
using Known = ErrorType::Known;

// The service's own pattern, unanchored: aws-lambda-runtime-interface-emulator, fatalerror.go.
bool service_keeps(const std::string& text) {
  regex_t pattern{};
  EXPECT_EQ(::regcomp(&pattern, "(Runtime|Function)[.][A-Z][a-zA-Z]+", REG_EXTENDED | REG_NOSUB), 0);
  const bool found = ::regexec(&pattern, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&pattern);
  return found;
}

TEST(ErrorTypeTest, IsKeptAgreesWithThePatternOfTheService) {
  const std::vector<std::string> texts = {"Function.Exit3",
                                          "Runtime.ExecFailed",
                                          "Function.Ab",
                                          "Function.A",
                                          "Function.exit1",
                                          "Runtime.exit",
                                          "Function.",
                                          "Function",
                                          "Unhandled",
                                          "function.Exit",
                                          "My.Function.Ab",
                                          "FunctionXAbc",
                                          "Function.A1",
                                          "Function.AB1 text",
                                          "Function.a Function.Bc",
                                          "",
                                          "Runtime.É",
                                          "Sandbox.Timedout",
                                          "Function.Runtime.X",
                                          "Function.Runtime.Xy"};
  for (const auto& text : texts) EXPECT_EQ(ErrorType::is_kept(text), service_keeps(text)) << text;
}

TEST(ErrorTypeTest, EveryTypeOfOursIsKeptByTheService) {
  const std::vector<ErrorType> types = {Known::exec_failed,
                                        Known::handler_not_found,
                                        Known::invalid_handler,
                                        Known::user_code_syntax_error,
                                        Known::init_error,
                                        Known::invalid_event,
                                        Known::timeout,
                                        Known::response_size_too_large,
                                        Known::shutdown,
                                        Known::internal,
                                        ErrorType::exited(0),
                                        ErrorType::exited(255),
                                        ErrorType::signaled("SEGV"),
                                        ErrorType::signaled("RTMIN3")};
  for (const auto& type : types) EXPECT_TRUE(service_keeps(type.text())) << type.text();
}

TEST(ErrorTypeTest, TextsAreThoseOfTheContract) {
  EXPECT_EQ(ErrorType(Known::exec_failed).text(), "Runtime.ExecFailed");
  EXPECT_EQ(ErrorType(Known::timeout).text(), "Function.Timeout");
  EXPECT_EQ(ErrorType(Known::response_size_too_large).text(), "Function.ResponseSizeTooLarge");
  EXPECT_EQ(ErrorType::exited(3).text(), "Function.Exit3");
  EXPECT_EQ(ErrorType::signaled("KILL").text(), "Function.SignalKILL");
}

struct NamedCase {
  std::string by_handler;
  std::string expected;
};

TEST(ErrorTypeTest, NameByAHandlerIsKeptOrMadeFit) {
  const std::vector<NamedCase> cases = {
      {"Function.NotFound", "Function.NotFound"},
      {"Runtime.Custom2", "Runtime.Custom2"},
      {"ValidationError", "Function.ValidationError"},
      {"my-error 42", "Function.Myerror"},
      {"Function.exit1", "Function.Exit"},
      {"Runtime.oops", "Function.Oops"},
      {"java.lang.Exception", "Function.JavalangException"},
      {"42", "Function.Exit9"},
      {"x", "Function.Exit9"},
      {"", "Function.Exit9"},
      {"\xC3\xA9\xC3\xA9", "Function.Exit9"},
      {"Function.Bad\r\nX-Evil: 1", "Function.BadXEvil"},
      {"Function.With blank", "Function.Withblank"},
  };
  for (const auto& [by_handler, expected] : cases) {
    const auto type = ErrorType::named(by_handler, ErrorType::exited(9));
    EXPECT_EQ(type.text(), expected) << by_handler;
    EXPECT_TRUE(service_keeps(type.text())) << by_handler;
  }
}

TEST(ErrorTypeTest, EndlessNameIsShortened) {
  const auto type = ErrorType::named("Function." + std::string(100'000, 'A'), ErrorType::exited(1));
  EXPECT_LE(type.text().size(), 300U);
  EXPECT_TRUE(ErrorType::is_kept(type.text()));
}

}  // namespace
