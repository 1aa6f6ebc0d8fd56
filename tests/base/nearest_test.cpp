// SPDX-License-Identifier: Apache-2.0
#include "base/text/nearest.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace {

constexpr std::array<std::string_view, 5> kNames = {"invoke", "serve", "--event", "--env", "new"};

TEST(NearestTest, CountsChangesAdditionsOmissionsAndSwaps) {
  EXPECT_EQ(base::edit_distance("", ""), 0U);
  EXPECT_EQ(base::edit_distance("", "abc"), 3U);
  EXPECT_EQ(base::edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(base::edit_distance("inovke", "invoke"), 1U);
  EXPECT_EQ(base::edit_distance("invoke", "invok"), 1U);
}

TEST(NearestTest, FindsWhatWasMeantWhateverItsCase) {
  EXPECT_EQ(base::nearest("INVOKE", kNames), "invoke");
  EXPECT_EQ(base::nearest("--evnt", kNames), "--event");
  EXPECT_EQ(base::did_you_mean("srve", kNames), " Did you mean serve?");
}

TEST(NearestTest, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(base::nearest("deploy", kNames), "");
  EXPECT_EQ(base::nearest("x", kNames), "");
  EXPECT_EQ(base::nearest("", kNames), "");
  EXPECT_EQ(base::did_you_mean(std::string(100'000, 'a'), kNames), "");
}

}  // namespace
