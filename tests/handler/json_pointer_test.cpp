// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/json_pointer.h"

#include "handler/template/json_pointer_search.h"

#include <gtest/gtest.h>

namespace {

using handler::find_targets;
using handler::JsonFault;
using handler::JsonPointer;
using handler::JsonTarget;

JsonPointer pointer(std::string_view text) {
  return std::get<JsonPointer>(JsonPointer::parse(text));
}

JsonTarget target(std::string_view json, std::string_view text) {
  const auto found = find_targets(json, {pointer(text)});
  if (const auto* fault = std::get_if<JsonFault>(&found)) {
    ADD_FAILURE() << fault->offset << " " << fault->expected;
    return {};
  }
  return std::get<std::vector<JsonTarget>>(found)[0];
}

std::string found(std::string_view json, std::string_view text) {
  return std::string(target(json, text).literal);
}

// The offset of the fault; nullopt: it is JSON.
std::optional<std::size_t> fault_at(std::string_view json) {
  const auto found = find_targets(json, {pointer("/a")});
  const auto* fault = std::get_if<JsonFault>(&found);
  return fault == nullptr ? std::nullopt : std::optional(fault->offset);
}

struct BadText {
  std::string json;
  std::size_t offset;
};
class BadTextTest : public testing::TestWithParam<BadText> {};

}  // namespace

// The document and the table of RFC 6901, section 5.
TEST(JsonPointerTest, LeadsWhereTheRfcSays) {
  const auto* json = R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5,)"
                     R"( "k\"l": 6, " ": 7, "m~n": 8})";
  EXPECT_EQ(found(json, ""), json);
  EXPECT_EQ(found(json, "/foo"), R"(["bar", "baz"])");
  EXPECT_EQ(found(json, "/foo/0"), "\"bar\"");
  EXPECT_EQ(found(json, "/"), "0");
  EXPECT_EQ(found(json, "/a~1b"), "1");
  EXPECT_EQ(found(json, "/c%d"), "2");
  EXPECT_EQ(found(json, "/e^f"), "3");
  EXPECT_EQ(found(json, "/g|h"), "4");
  EXPECT_EQ(found(json, "/i\\j"), "5");
  EXPECT_EQ(found(json, "/k\"l"), "6");
  EXPECT_EQ(found(json, "/ "), "7");
  EXPECT_EQ(found(json, "/m~0n"), "8");
}

TEST(JsonPointerTest, TildesAreDecodedOnce) {
  EXPECT_EQ(found(R"({"~1": 1, "/": 2})", "/~01"), "1");
  EXPECT_TRUE(std::holds_alternative<JsonPointer::Fault>(JsonPointer::parse("/a~2")));
  EXPECT_TRUE(std::holds_alternative<JsonPointer::Fault>(JsonPointer::parse("/a~")));
  EXPECT_TRUE(std::holds_alternative<JsonPointer::Fault>(JsonPointer::parse("a")));
}

TEST(JsonPointerTest, IndexesHaveNoLeadingZerosAndNoElementFollowsTheLast) {
  const auto* json = "[10, [20, 21], 30]";
  EXPECT_EQ(found(json, "/0"), "10");
  EXPECT_EQ(found(json, "/1/1"), "21");
  for (const auto* text :
       {"/00", "/01", "/3", "/-", "/-1", "/+0", "/1/2", "/0/0", "/", "/99999999999999999999"})
    EXPECT_EQ(found(json, text), "") << text;
  EXPECT_EQ(found(R"({"01": 1, "-": 2})", "/01"), "1");
  EXPECT_EQ(found(R"({"01": 1, "-": 2})", "/-"), "2");
}

TEST(JsonPointerTest, NamesAreComparedDecoded) {
  EXPECT_EQ(found(R"({"\u0061\n": 1})", "/a\n"), "1");
  EXPECT_EQ(found(R"({"\ud83d\ude00": 1})", "/😀"), "1");
  EXPECT_EQ(found(R"({"\\u0061": 1, "\u0061": 2})", "/a"), "2");
}

TEST(JsonPointerTest, SiblingsAndDeeperNamesakesAreNoTargets) {
  const auto* json = R"({"x": {"a": 1, "b": {"a": 2}}, "a": {"x": 3}, "y": [{"a": 4}, {"a": 5}]})";
  EXPECT_EQ(found(json, "/a/x"), "3");
  EXPECT_EQ(found(json, "/x/b/a"), "2");
  EXPECT_EQ(found(json, "/y/1/a"), "5");
  EXPECT_EQ(found(json, "/a/a"), "");
  EXPECT_EQ(found(json, "/b"), "");
}

TEST(JsonPointerTest, ANameThatIsThereTwiceIsAmbiguousWhereverItStandsOnTheWay) {
  EXPECT_TRUE(target(R"({"a": 1, "a": 2})", "/a").is_ambiguous);
  EXPECT_TRUE(target(R"({"a": 1, "\u0061": 2})", "/a").is_ambiguous);
  EXPECT_TRUE(target(R"({"a": {"b": 1}, "a": {"c": 2}})", "/a/b").is_ambiguous);
  EXPECT_FALSE(target(R"({"a": {"b": 1, "b": 1}, "c": [{"a": 1}, {"a": 2}]})", "/a").is_ambiguous);
  EXPECT_FALSE(target(R"({"a": {"b": 1, "b": 1}, "c": [{"a": 1}, {"a": 2}]})", "/c/1/a").is_ambiguous);
}

TEST(JsonPointerTest, OnePassFindsMany) {
  const auto found =
      find_targets(R"({"a": {"b": 1}, "c": 2})", {pointer("/c"), pointer("/a/b"), pointer("/a")});
  const auto& targets = std::get<std::vector<JsonTarget>>(found);
  EXPECT_EQ(targets[0].literal, "2");
  EXPECT_EQ(targets[1].literal, "1");
  EXPECT_EQ(targets[2].literal, R"({"b": 1})");
}

TEST(JsonPointerTest, NestingTakesNoStack) {
  constexpr std::size_t kDepth = 1'000'000;
  std::string deep;
  for (std::size_t i = 0; i < kDepth; ++i) deep += "[";
  deep += R"({"a": 1})" + std::string(kDepth, ']');
  EXPECT_EQ(found(R"({"x": )" + deep + R"(, "a": 2})", "/a"), "2");
  EXPECT_EQ(fault_at(std::string(kDepth, '[')), kDepth);
}

TEST(JsonPointerTest, NumbersStandAsTheyAreWritten) {
  for (const auto* number : {"1e400", "0.10", "-0", "123456789012345678901234567890", "1E+2", "-0.0e-0"})
    EXPECT_EQ(found("[" + std::string(number) + "]", "/0"), number);
}

TEST_P(BadTextTest, IsFoundWhereItIs) {
  EXPECT_EQ(fault_at(GetParam().json), GetParam().offset) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTextTest,
    testing::Values(BadText{"", 0}, BadText{"  ", 2}, BadText{"hello", 0}, BadText{"{}x", 2}, BadText{"{", 1},
                    BadText{"{\"a\"}", 4}, BadText{"{\"a\":}", 5}, BadText{"{\"a\":1,}", 7},
                    BadText{"{a:1}", 1}, BadText{"[1,]", 3}, BadText{"[,1]", 1}, BadText{"[1 2]", 3},
                    BadText{"[1}", 2}, BadText{"01", 1}, BadText{"-", 1}, BadText{"1.", 2}, BadText{"1e", 2},
                    BadText{".5", 0}, BadText{"+1", 0}, BadText{"NaN", 0}, BadText{"tru", 0},
                    BadText{"nul", 0}, BadText{"'a'", 0}, BadText{"\"a", 2}, BadText{"\"\\x\"", 2},
                    BadText{"\"\\u12g4\"", 5}, BadText{"\"a\nb\"", 2}, BadText{"\"\x80\"", 1},
                    BadText{"\"\xC3\"", 1}, BadText{"\"\xED\xA0\x80\"", 1},
                    BadText{std::string("\"\0\"", 3), 1}, BadText{"\xEF\xBB\xBF{}", 0}, BadText{"[1]//", 3},
                    BadText{"]", 0}));

TEST(JsonPointerTest, ElementsOfAnArrayAreItsOwn) {
  EXPECT_EQ(handler::elements_of(R"([1, [2, 3], {"a": [4]}, "x,y"])", 9),
            (std::vector<std::string_view>{"1", "[2, 3]", R"({"a": [4]})", R"("x,y")"}));
  EXPECT_EQ(handler::elements_of("[]", 9).size(), 0U);
  EXPECT_EQ(handler::elements_of("[1,2,3]", 2).size(), 2U);
}
