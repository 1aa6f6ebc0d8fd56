// SPDX-License-Identifier: Apache-2.0
#include "base/text/base64.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using base::base64_decode;
using base::base64_encode;

TEST(Base64Test, BothWays) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(base64_decode(base64_encode(text)), text);
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_encode(std::string("\xff\0\xfe", 3)), "/wD+");
}

TEST(Base64Test, WhatIsNoneIsRefused) {
  for (const char* wrong : {"Zg=", "Zg", "Z===", "Zm9v!mE=", "=Zm9", "Zg==Zg==", "Zg===", "Z=g=", "Zm9v\n"})
    EXPECT_FALSE(base64_decode(wrong)) << wrong;
}

TEST(Base64Test, PartsAreDecodedHoweverTheyAreCut) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto text = base64_encode(bytes);
  for (std::size_t size = 1; size < 9; ++size) {
    base::Base64Decoder decoder;
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); at += size)
      ASSERT_TRUE(decoder.take(std::string_view(text).substr(at, size), decoded));
    EXPECT_TRUE(decoder.complete());
    EXPECT_EQ(decoded, bytes) << "in parts of " << size;
  }
}

}  // namespace
