// SPDX-License-Identifier: Apache-2.0
#include "handler/text_form.h"

#include "support/temp_dir.h"

#include <string>

#include <gtest/gtest.h>

using handler::text_form;
using handler::TextForm;

namespace {

// In UTF-16, with or without a mark in front.
std::string wide(std::string_view text, bool big_endian, bool marked) {
  std::string bytes = !marked ? "" : big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : text) {
    if (big_endian) bytes.push_back('\0');
    bytes.push_back(c);
    if (!big_endian) bytes.push_back('\0');
  }
  return bytes;
}

}  // namespace

TEST(TextFormTest, Utf16IsSeenInEitherOrderWithAndWithoutAMark) {
  for (const bool big_endian : {false, true})
    for (const bool marked : {false, true})
      EXPECT_EQ(text_form(wide("h() {\n", big_endian, marked)), TextForm::utf16) << big_endian << marked;
}

TEST(TextFormTest, AByteOrderMarkIsSeen) {
  EXPECT_EQ(text_form("\xEF\xBB\xBF#!/bin/sh\n"), TextForm::byte_order_mark);
  EXPECT_EQ(text_form("\xEF\xBB\xBF"), TextForm::byte_order_mark);
}

TEST(TextFormTest, ProgramsAndTextAreLeftAlone) {
  for (const auto& head :
       {std::string(), std::string("#!/bin/sh\n"),
        std::string("\x7F"
                    "ELF\x02\x01\x01\0\0\0",
                    10),
        std::string("h\0", 2), std::string(16, '\0'), std::string("\0asm\x01\0\0\0", 8),
        std::string("MZ\x90\0\x03\0\0\0\x04\0\0\0", 12), std::string("caf\u00e9 \xEF\xBB\xBF")})
    EXPECT_EQ(text_form(head), TextForm::plain) << head;
}

TEST(TextFormTest, OneLineThatEndsInCarriageReturnIsFound) {
  const support::TempDir folder;
  folder.write("one", "a\nb\r\nc\n");
  folder.write("none", "a\nb\rc\n");
  EXPECT_TRUE(handler::has_carriage_returns(folder / "one"));
  EXPECT_FALSE(handler::has_carriage_returns(folder / "none"));
  EXPECT_FALSE(handler::has_carriage_returns(folder / "missing"));
}
