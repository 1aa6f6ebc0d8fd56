// SPDX-License-Identifier: Apache-2.0
#include "api/wire/wire.h"

#include <gtest/gtest.h>

namespace {

using api::wire::percent_encode;

TEST(WireTest, PercentEncodeLeavesOnlyUnreservedBytes) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a/b?c#d e%"), "a%2Fb%3Fc%23d%20e%25");
  EXPECT_EQ(percent_encode("\xC3\xA9\xFF\n"), "%C3%A9%FF%0A");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
  EXPECT_EQ(percent_encode(""), "");
}

}  // namespace
