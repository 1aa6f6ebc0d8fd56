// SPDX-License-Identifier: Apache-2.0
// A call of a shell function ends and prints as the same function does in plain bash.
#include "bodies.h"
#include "comparison.h"
#include "generator.h"
#include "support/temp_dir.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

constexpr const char* kEvent = "{\"k\": \"v\"}\nline two\n";

class OracleTest : public testing::TestWithParam<oracle::Body> {};

TEST_P(OracleTest, CallIsWhatPlainBashMakesOfIt) {
  const support::TempDir folder;
  const oracle::Case body{GetParam().name, file_of(GetParam()), kEvent};
  const auto comparison = compare(body, folder.path());
  EXPECT_TRUE(comparison.same) << in_words(body, comparison);
}

INSTANTIATE_TEST_SUITE_P(ByHand, OracleTest, testing::ValuesIn(oracle::bodies_by_hand()),
                         [](const auto& body) { return body.param.name; });

// Always the same ones: a failure can be repeated. scripts/oracle has others each time.
TEST(OracleShortRunTest, GeneratedCallsAreWhatPlainBashMakesOfThem) {
  constexpr std::uint64_t kSeed = 15;
  constexpr std::uint64_t kCount = 60;
  const support::TempDir folder;
  const oracle::Generator generator(kSeed);
  for (std::uint64_t number = 0; number < kCount; ++number) {
    const auto body = generator.make(number);
    const auto comparison = compare(body, folder.path());
    EXPECT_TRUE(comparison.same) << in_words(body, comparison);
  }
}

}  // namespace
