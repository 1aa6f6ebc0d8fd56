// SPDX-License-Identifier: Apache-2.0
#include "api/connection/response_head.h"

#include <gtest/gtest.h>

namespace {

using api::ResponseHead;

// Whether the head takes all of it.
bool feed(ResponseHead& head, std::string_view bytes) {
  for (const char byte : bytes)
    if (!head.take(byte)) return false;
  return true;
}

// What the library sees, in pieces of `size`.
std::string shown(ResponseHead& head, std::size_t size) {
  std::string all;
  std::string piece(size, '\0');
  while (const auto count = head.show(piece.data(), piece.size())) all += piece.substr(0, count);
  return all;
}

std::string repeated(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

struct Flood {
  std::string bytes;
  std::string fault;
};

class FloodedHeadTest : public testing::TestWithParam<Flood> {};

class InterimTest : public testing::TestWithParam<int> {};

TEST(ResponseHeadTest, HeadersAreKeptByteForByteInTheirOrder) {
  ResponseHead head;
  const std::string bytes = "HTTP/1.1 200 OK\r\nB: 1%20 %2525\r\na:  x : y\t\r\nB: 2\r\nEmpty:\r\n\r\n";
  EXPECT_TRUE(feed(head, bytes));
  ASSERT_TRUE(head.complete());
  EXPECT_EQ(shown(head, 1), bytes);
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
  EXPECT_TRUE(feed(head, "HTTP/1.1 200 OK\r\nA: x\x01y\x7Fz\nw\r\n\r\n"));
  EXPECT_EQ(shown(head, 7), "HTTP/1.1 200 OK\r\nA: x?y?z?w\r\n\r\n");
  EXPECT_EQ(head.headers().at(0).value, "x\x01y\x7Fz\nw");
}

TEST(ResponseHeadTest, StatusCountsAsSoonAsItsDigitsAreThere) {
  ResponseHead head;
  EXPECT_TRUE(feed(head, "HTTP/1.1 20"));
  EXPECT_EQ(head.status(), 0);
  EXPECT_TRUE(head.begun());
  for (const auto* more : {"2", " Acc", "epted\r\n", "A: b\r\n"}) {
    EXPECT_TRUE(feed(head, more));
    EXPECT_EQ(head.status(), 202) << more;
    EXPECT_FALSE(head.complete());
  }
}

TEST(ResponseHeadTest, GarbageIsGivenUpAtTheEndOfItsFirstLine) {
  for (const auto* bytes : {"\r\n", "SSH-2.0\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/2\r\n",
                            "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 012 OK\r\n", "HTTP/1.1 20\r\n"}) {
    ResponseHead head;
    EXPECT_FALSE(feed(head, bytes)) << bytes;
    EXPECT_EQ(head.status(), 0) << bytes;
    EXPECT_EQ(head.fault(), "it is no HTTP") << bytes;
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

TEST(ResponseHeadTest, AsManyHeadersAsThereMayBeAreTaken) {
  ResponseHead head;
  EXPECT_TRUE(feed(head, "HTTP/1.1 200 OK\r\n" + repeated(1024, "A: b\r\n") + "\r\n"));
  EXPECT_TRUE(head.complete());
  EXPECT_EQ(head.headers().size(), 1024U);
}

// Nothing of it is the answer's: neither its status nor its headers.
TEST_P(InterimTest, IsSkipped) {
  ResponseHead head;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(feed(head, "HTTP/1.1 " + std::to_string(GetParam()) + " Wait\r\nA: interim\r\n\r\n"));
    EXPECT_FALSE(head.complete());
    EXPECT_FALSE(head.begun());
    EXPECT_EQ(head.status(), 0);
  }
  EXPECT_TRUE(feed(head, "HTTP/1.1 202 Accepted\r\nA: b\r\n\r\n"));
  ASSERT_TRUE(head.complete());
  EXPECT_EQ(head.status(), 202);
  ASSERT_EQ(head.headers().size(), 1U);
  EXPECT_EQ(head.headers().at(0).value, "b");
}

INSTANTIATE_TEST_SUITE_P(Every1xx, InterimTest, testing::Values(100, 101, 102, 103, 104, 150, 199));

TEST_P(FloodedHeadTest, IsGivenUpWithAReason) {
  ResponseHead head;
  EXPECT_FALSE(feed(head, GetParam().bytes));
  EXPECT_FALSE(head.complete());
  EXPECT_EQ(head.fault(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FloodedHeadTest,
    testing::Values(
        Flood{"HTTP/1.1 200 " + std::string(1100, 'x'), "it is no HTTP"},
        Flood{"HTTP/1.1 200 OK\r\n" + repeated(1025, "A: b\r\n"), "it has more than 1,024 headers"},
        Flood{"HTTP/1.1 200 OK\r\nA: " + std::string(1'200'000, 'x'), "it has a header of over 1 MiB"},
        Flood{"HTTP/1.1 200 OK\r\n" + repeated(5, "A: " + std::string(1'000'000, 'x') + "\r\n"),
              "it has over 4 MiB of headers"},
        Flood{"HTTP/1.1 200 OK\r\nno header\r\n", "it has a line that is no header"},
        Flood{"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n", "it has a line that is no header"},
        Flood{repeated(1001, "HTTP/1.1 100 Continue\r\n\r\n"),
              "too many interim answers (1xx) came before it"},
        Flood{repeated(500, "HTTP/1.1 103 Early Hints\r\nA: " + std::string(200, 'x') + "\r\n\r\n"),
              "too many interim answers (1xx) came before it"},
        Flood{"HTTP/1.1 102 Processing\r\nA: " + std::string(70'000, 'x'),
              "too many interim answers (1xx) came before it"}));

}  // namespace
