// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/admission.h"

#include "emulator/http/http_server.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace emulator;

/// 0: admitted, else the status.
int status_for(const HttpRequest& head, const Admission& admission = {}) {
  const auto reason = why_not_admitted(head, admission);
  return reason ? reason->status : 0;
}

HttpRequest asked_by(const std::string& host) {
  HttpRequest head;
  head.method = "GET";
  head.target = "/";
  head.version = "HTTP/1.1";
  head.headers = {{"Host", host}};
  return head;
}

class LoopbackHostTest : public testing::TestWithParam<const char*> {};
TEST_P(LoopbackHostTest, IsAdmittedEverywhere) {
  EXPECT_EQ(status_for(asked_by(GetParam())), 0);
}
INSTANTIATE_TEST_SUITE_P(Table, LoopbackHostTest,
                         testing::Values("localhost", "localhost:9000", "LOCALHOST:9000", "localhost.",
                                         "localhost.:9000", "localhost:", "a.localhost",
                                         "lambda.us-east-1.localhost:9000", "127.0.0.1", "127.0.0.1:65535",
                                         "127.1.2.3", "127.1:9000", "127.0.0.1.", "[::1]", "[::1]:9000",
                                         "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]:9000",
                                         "host.docker.internal:9001", "host.containers.internal"));

class OtherHostTest : public testing::TestWithParam<std::string> {};
TEST_P(OtherHostTest, IsRefused) {
  EXPECT_EQ(status_for(asked_by(GetParam())), 403);
}
INSTANTIATE_TEST_SUITE_P(Table, OtherHostTest,
                         testing::Values("evil.example", "evil.example:9000", "localhost.evil.example",
                                         "evillocalhost", "127.0.0.1.evil.example", "127.0.0.1.nip.io",
                                         "127.0.0.1@evil.example", "evil.example@127.0.0.1",
                                         "localhost/evil.example", "localhost evil.example", "localhost,evil",
                                         "localhost:port", "localhost:90000000", "localhost:9000:9000",
                                         "localhost..", ".localhost", "0.0.0.0", "128.0.0.1", "10.0.0.1",
                                         "169.254.169.254", "[::]", "[fe80::1]", "[::1", "::1", "[::1]x",
                                         "[::1]:x", "[::ffff:10.0.0.1]", "[localhost]", "", ".", ":9000", "*",
                                         "a\x1b[2J", std::string(254, 'a')));

TEST(AdmissionTest, OneHostIsNeededFromHttp11On) {
  auto none = asked_by("");
  none.headers.clear();
  EXPECT_EQ(status_for(none), 400);
  none.version = "HTTP/1.0";
  EXPECT_EQ(status_for(none), 0);
  auto two = asked_by("localhost");
  two.headers.push_back({"host", "localhost"});
  EXPECT_EQ(status_for(two), 400);
  two.version = "HTTP/1.0";
  EXPECT_EQ(status_for(two), 400);
}

TEST(AdmissionTest, HostOfAnAbsoluteTargetCountsToo) {
  auto head = asked_by("localhost");
  head.target = "http://evil.example/path";
  EXPECT_EQ(status_for(head), 403);
  head.target = "http://evil.example?localhost";
  EXPECT_EQ(status_for(head), 403);
  head.target = "HTTP://localhost:9000/path";
  EXPECT_EQ(status_for(head), 0);
  head.target = "/path?url=http://evil.example/";
  EXPECT_EQ(status_for(head), 0);
}

TEST(AdmissionTest, PagesAreRefusedUnlessTheServerIsForThem) {
  const std::vector<HttpHeader> marks = {{"Origin", "http://localhost:9000"},
                                         {"origin", "null"},
                                         {"Sec-Fetch-Site", "cross-site"},
                                         {"Sec-Fetch-Site", "same-origin"}};
  for (const auto& mark : marks) {
    auto head = asked_by("localhost");
    head.headers.push_back(mark);
    EXPECT_EQ(status_for(head), 403) << mark.name << ": " << mark.value;
    EXPECT_EQ(status_for(head, {true, {}, ""}), 0) << mark.name << ": " << mark.value;
  }
  auto typed = asked_by("localhost");
  typed.headers.push_back({"Sec-Fetch-Site", "none"});
  EXPECT_EQ(status_for(typed), 0);
}

TEST(AdmissionTest, FurtherHostsAreThoseThatAreNamed) {
  const Admission one{true, {"my.example"}, "--allow-host"};
  EXPECT_EQ(status_for(asked_by("My.Example.:8080"), one), 0);
  EXPECT_EQ(status_for(asked_by("a.my.example"), one), 403);
  const Admission all{true, {"*"}, ""};
  EXPECT_EQ(status_for(asked_by("evil.example"), all), 0);
  EXPECT_EQ(status_for(asked_by("no name"), all), 403);
}

TEST(AdmissionTest, RefusalNamesHostAndOptionAndNothingThatIsNoName) {
  const auto why = why_not_admitted(asked_by("evil.example:80"), {true, {}, "--allow-host"})->why;
  EXPECT_NE(why.find("\"evil.example\""), std::string::npos) << why;
  EXPECT_NE(why.find("--allow-host evil.example"), std::string::npos) << why;
  EXPECT_EQ(why_not_admitted(asked_by("\x1b[2J"), {})->why, "the Host of the request is no host name");
}

}  // namespace
