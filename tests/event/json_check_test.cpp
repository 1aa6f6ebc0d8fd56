// SPDX-License-Identifier: Apache-2.0
#include "event/json/json_check.h"

#include "event/fixture.h"

#include <string>

namespace {

using event_tests::spool_of;

std::string json_fault(std::string_view text) {
  return event::json_fault(spool_of(text)).value_or("none");
}

TEST(JsonCheckTest, JsonIsFine) {
  for (const char* text :
       {"{}", " [1, 2.5e3, \"\\u00e4\", null, true]\n", "7", "\"x\"", "{\"a\":{\"b\":[]}}"})
    EXPECT_EQ(json_fault(text), "none") << text;
}

TEST(JsonCheckTest, TheFirstFaultHasItsPlace) {
  EXPECT_EQ(json_fault(""), "it is empty");
  EXPECT_EQ(json_fault("hello"), "line 1, column 1 (byte 1): invalid literal");
  EXPECT_EQ(json_fault("{\n \"a\": 1,\n \"b\" 2\n}\n"),
            "line 3, column 6 (byte 17): unexpected number literal; expected ':'");
  EXPECT_EQ(json_fault("[1, 2"), "line 1, column 5 (byte 5): unexpected end of input; expected ']'");
  EXPECT_EQ(json_fault("{} {}"), "line 1, column 4 (byte 4): unexpected '{'; expected end of input");
  EXPECT_EQ(json_fault("\"\xff\""), "line 1, column 2 (byte 2): invalid string: ill-formed UTF-8 byte");
}

TEST(JsonCheckTest, ANumberMayBeTooLarge) {
  EXPECT_EQ(json_fault("[1e999]"), "line 1, column 6 (byte 6): a number that is too large");
}

TEST(JsonCheckTest, ANulByteIsNotTheEnd) {
  using namespace std::string_view_literals;
  EXPECT_EQ(json_fault("{}\0"sv), "line 1, column 3 (byte 3): a NUL byte");
  EXPECT_EQ(json_fault("{\n}\0, and more"sv), "line 2, column 2 (byte 4): a NUL byte");
  EXPECT_EQ(json_fault("[1, \0"sv), "line 1, column 5 (byte 5): a NUL byte");
}

TEST(JsonCheckTest, NothingOfTheAnswerIsQuoted) {
  EXPECT_EQ(json_fault("{\"password\": \"secret\" \"x\"}").find("secret"), std::string::npos);
}

TEST(JsonCheckTest, DepthCostsNoStack) {
  EXPECT_EQ(json_fault(std::string(200'000, '[') + std::string(200'000, ']')), "none");
}

TEST(JsonCheckTest, LargeAnswersAreReadToTheirEnd) {
  const std::string text = "[\"" + std::string(300'000, 'x') + "\"";
  EXPECT_EQ(json_fault(text + "]"), "none");
  EXPECT_NE(json_fault(text + "}").find("(byte 300004)"), std::string::npos) << json_fault(text + "}");
}

TEST(JsonCheckTest, TextIsUtf8) {
  EXPECT_EQ(event::text_fault(spool_of("\xC3\xA4\n")), std::nullopt);
  EXPECT_EQ(event::text_fault(spool_of("")), std::nullopt);
  EXPECT_EQ(event::text_fault(spool_of("ab\xff")), "byte 3");
  EXPECT_EQ(event::text_fault(spool_of(std::string(100'000, 'x') + "\xC3")), "byte 100002");
}

}  // namespace
