// SPDX-License-Identifier: Apache-2.0
#include "base/text/sha256.h"

#include "base/text/base64.h"

#include <string>

#include <gtest/gtest.h>

namespace {

std::string digest(const std::string& bytes) {
  return base::base64_encode(base::sha256(bytes));
}

// What sha256sum says, as the service writes it.
TEST(Sha256Test, IsWhatTheStandardSaysForWholeBlocksAndPartsOfThem) {
  EXPECT_EQ(digest(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(digest("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(digest(std::string(55, 'a')), "n0OQ+NMMLdkuyfCVtl4rmumwqSWlJY4kHJ8ekQ9zQxg=");
  EXPECT_EQ(digest(std::string(56, 'a')), "s1Q5pKxvCUi21vnjxq8PX1kM4g8b3nCQ73lwaG7Gc4o=");
  EXPECT_EQ(digest(std::string(64, 'a')), "/+BU/nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs=");
  EXPECT_EQ(digest(std::string(1000000, 'a')), "zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA=");
}

}  // namespace
