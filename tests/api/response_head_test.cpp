// SPDX-License-Identifier: Apache-2.0
#include "api/response_head.h"

#include <gtest/gtest.h>

namespace {

using api::ResponseHead;

// What the library would see of `bytes`; "" where the head gave up.
std::string feed(ResponseHead& head, std::string_view bytes) {
  std::string shown;
  for (const char byte : bytes) {
    const auto seen = head.take(byte);
    if (!seen) return "";
    shown += *seen;
  }
  return shown;
}

TEST(ResponseHeadTest, HeadersAreKeptByteForByteInTheirOrder) {
  ResponseHead head;
  const std::string bytes = "HTTP/1.1 200 OK\r\nB: 1%20 %2525\r\na:  x : y\t\r\nB: 2\r\nEmpty:\r\n\r\n";
  EXPECT_EQ(feed(head, bytes), bytes);
  ASSERT_TRUE(head.complete());
  EXPECT_EQ(head.status(), 200);
  const auto headers = head.headers();
  ASSERT_EQ(headers.size(), 4U);
  EXPECT_EQ(headers[0].name, "B");
  EXPECT_EQ(headers[0].value, "1%20 %2525");
  EXPECT_EQ(headers[1].value, "x : y");
  EXPECT_EQ(headers[2].value, "2");
  EXPECT_EQ(headers[3].value, "");
}

TEST(ResponseHeadTest, StrangeBytesAreHiddenFromTheLibraryButKept) {
  ResponseHead head;
  EXPECT_EQ(feed(head, "HTTP/1.1 200 OK\r\nA: x\x01y\x7Fz\nw\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nA: x?y?z?w\r\n\r\n");
  EXPECT_EQ(head.headers().at(0).value, "x\x01y\x7Fz\nw");
}

TEST(ResponseHeadTest, InterimAnswersAreSkipped) {
  ResponseHead head;
  feed(head, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_FALSE(head.complete());
  feed(head, "HTTP/1.1 202 Accepted\r\nA: b\r\n\r\n");
  ASSERT_TRUE(head.complete());
  EXPECT_EQ(head.status(), 202);
  EXPECT_EQ(head.headers().size(), 1U);
}

TEST(ResponseHeadTest, EndlessStatusLineIsGivenUp) {
  ResponseHead head;
  EXPECT_EQ(feed(head, "HTTP/1.1 200 " + std::string(100'000, 'x')), "");
  EXPECT_FALSE(head.complete());
}

TEST(ResponseHeadTest, GarbageHasNoStatus) {
  for (const auto* bytes : {"\r\n\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/2\r\n\r\n"}) {
    ResponseHead head;
    feed(head, bytes);
    EXPECT_TRUE(!head.complete() || head.status() == 0) << bytes;
    EXPECT_NO_THROW(head.headers());
  }
}

TEST(ResponseHeadTest, NothingIsLeftAfterClear) {
  ResponseHead head;
  feed(head, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
  head.clear();
  EXPECT_FALSE(head.complete());
  feed(head, "HTTP/1.1 403 No\r\n\r\n");
  EXPECT_EQ(head.status(), 403);
  EXPECT_TRUE(head.headers().empty());
}

}  // namespace
