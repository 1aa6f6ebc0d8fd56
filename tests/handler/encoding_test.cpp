// SPDX-License-Identifier: Apache-2.0
#include "handler/program/encoding.h"

#include <gtest/gtest.h>

namespace {

using handler::Encoding;
using namespace std::string_view_literals;

TEST(EncodingTest, TheFirstBytesTell) {
  EXPECT_EQ(handler::encoding_of(""), Encoding::plain);
  EXPECT_EQ(handler::encoding_of("#!/bin/sh"), Encoding::plain);
  EXPECT_EQ(handler::encoding_of("\xEF\xBB\xBF#!"), Encoding::marked_utf8);
  EXPECT_EQ(handler::encoding_of("h\0(\0)\0 \0{\0"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("\0h\0(\0)\0 \0{"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("\0asm\x01\0\0\0"sv), Encoding::plain);
  EXPECT_EQ(handler::encoding_of("MZ\x90\0\x03\0\0\0\x04\0\0\0"sv), Encoding::plain);
  EXPECT_EQ(handler::encoding_of("\xFF\xFE#\0!\0"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("\xFE\xFF\0#\0!"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("#\0!\0/\0"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("\0#\0!\0/"sv), Encoding::utf16);
  EXPECT_EQ(handler::encoding_of("\xFF\xFE\0\0#\0\0\0"sv), Encoding::utf32);
  EXPECT_EQ(handler::encoding_of("\0\0\xFE\xFF\0\0\0#"sv), Encoding::utf32);
  EXPECT_EQ(handler::encoding_of("#\0\0"sv), Encoding::plain);
}

TEST(EncodingTest, AScriptIsOneInEveryEncoding) {
  for (const auto head : {"#!"sv, "\xEF\xBB\xBF#!/x"sv, "\xFF\xFE#\0!\0"sv, "\xFE\xFF\0#\0!"sv, "#\0!\0"sv,
                          "\0#\0!"sv, "\xFF\xFE\0\0#\0\0\0!\0\0\0"sv, "\0\0\xFE\xFF\0\0\0#\0\0\0!"sv})
    EXPECT_TRUE(handler::begins_as_script(head)) << head;
  for (const auto head :
       {""sv, "#"sv, "\xFF\xFE"sv, "\xFF\xFE#\0"sv, "\xFF\xFE\0\0"sv, "\xEF\xBB\xBF"sv, "cat"sv})
    EXPECT_FALSE(handler::begins_as_script(head)) << head;
}

TEST(EncodingTest, OnlyAMarkOfUtf8GoesAway) {
  EXPECT_EQ(handler::without_mark("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(handler::without_mark("x"), "x");
  EXPECT_EQ(handler::without_mark("\xFF\xFEx"), "\xFF\xFEx");
}

}  // namespace
