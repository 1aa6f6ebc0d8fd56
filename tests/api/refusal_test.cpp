// SPDX-License-Identifier: Apache-2.0
#include "api/wire/refusal.h"

#include <gtest/gtest.h>

namespace {

using api::refusal_in_words;

TEST(RefusalTest, TypeAndMessageOfTheBodyFollowTheStatus) {
  EXPECT_EQ(
      refusal_in_words(403, R"({"errorMessage": "from A to B", "errorType": "InvalidStateTransition"})"),
      "403 InvalidStateTransition: from A to B");
}

TEST(RefusalTest, AnyOtherBodyIsQuotedOnOneShortLine) {
  EXPECT_EQ(refusal_in_words(404, "404 page\r\nnot found\n"), "404: 404 page  not found");
  EXPECT_EQ(refusal_in_words(500, ""), "500");
  EXPECT_EQ(refusal_in_words(500, R"({"errorType": 3})"), "500");
  EXPECT_LT(refusal_in_words(500, std::string(100'000, '[')).size(), 400U);
  EXPECT_EQ(refusal_in_words(500, "\xFF"), "500: \xEF\xBF\xBD");
}

}  // namespace
