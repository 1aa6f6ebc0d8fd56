// SPDX-License-Identifier: Apache-2.0
#include "event/http/envelope.h"

#include "event/fixture.h"

#include <random>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using event::HttpSource;
using event::parse_envelope;
using event::ResponseHead;
using event_tests::multiset_of;
using event_tests::spool_of;
using event_tests::text_of;
using nlohmann::json;

constexpr HttpSource kSources[] = {HttpSource::rest_1_0, HttpSource::http_2_0, HttpSource::alb_single,
                                   HttpSource::alb_multi};

json envelope(const ResponseHead& head, std::string_view body, HttpSource source) {
  const auto spool = event::to_envelope(head, spool_of(body), 0, source);
  EXPECT_TRUE(spool.ok());
  return json::parse(text_of(*spool));
}

std::string fault_of(std::string_view text, HttpSource source) {
  const auto response = parse_envelope(text, source);
  return response ? "none" : response.error().message;
}

const ResponseHead kPage{404,
                         "Gone fishing",
                         {{"Content-Type", "text/html"},
                          {"Set-Cookie", "a=1"},
                          {"Set-Cookie", "b=2"},
                          {"Vary", "Cookie"},
                          {"vary", "Accept"}}};

TEST(EnvelopeTest, EachSourceHasItsOwnShape) {
  EXPECT_EQ(envelope(kPage, "<p>", HttpSource::http_2_0),
            json::parse(R"({"statusCode":404,"headers":{"Content-Type":"text/html","Vary":"Cookie, Accept"},
                            "cookies":["a=1","b=2"],"body":"<p>","isBase64Encoded":false})"));
  EXPECT_EQ(envelope(kPage, "<p>", HttpSource::rest_1_0),
            json::parse(R"({"statusCode":404,"multiValueHeaders":{"Content-Type":["text/html"],
                            "Set-Cookie":["a=1","b=2"],"Vary":["Cookie, Accept"]},
                            "body":"<p>","isBase64Encoded":false})"));
  EXPECT_EQ(envelope(kPage, "<p>", HttpSource::alb_multi),
            json::parse(R"({"statusCode":404,"statusDescription":"404 Gone fishing",
                            "multiValueHeaders":{"Content-Type":["text/html"],
                            "Set-Cookie":["a=1","b=2"],"Vary":["Cookie, Accept"]},
                            "body":"<p>","isBase64Encoded":false})"));
  EXPECT_EQ(envelope(kPage, "<p>", HttpSource::alb_single),
            json::parse(R"({"statusCode":404,"statusDescription":"404 Gone fishing",
                            "headers":{"Content-Type":"text/html","SET-COOKIE":"a=1","sET-COOKIE":"b=2",
                            "Vary":"Cookie, Accept"},"body":"<p>","isBase64Encoded":false})"));
}

TEST(EnvelopeTest, TheReasonOfAStatusIsFoundForLoadBalancers) {
  EXPECT_EQ(envelope({200, "", {}}, "", HttpSource::alb_single)["statusDescription"], "200 OK");
  EXPECT_EQ(envelope({299, "", {}}, "", HttpSource::alb_single)["statusDescription"], "299");
}

TEST(EnvelopeTest, BodiesAreTextOnlyWhereTypeAndBytesAre) {
  const auto encoded = [](const event::Headers& headers, std::string_view body) {
    return envelope({200, "", headers}, body, HttpSource::http_2_0)["isBase64Encoded"].get<bool>();
  };
  for (const char* type : {"text/html", "Text/Plain; charset=utf-8", "application/json", "image/svg+xml",
                           "application/problem+json", "application/x-www-form-urlencoded"})
    EXPECT_FALSE(encoded({{"content-type", type}}, "\xC3\xA4")) << type;
  for (const char* type : {"image/png", "application/octet-stream", "application/x-git-upload-pack-result"})
    EXPECT_TRUE(encoded({{"Content-Type", type}}, "plain")) << type;
  EXPECT_TRUE(encoded({{"Content-Type", "text/html; charset=iso-8859-1"}}, "\xE4"));
  EXPECT_TRUE(encoded({{"Content-Type", "text/html"}}, "torn \xC3"));
  EXPECT_TRUE(encoded({{"Content-Type", "text/html"}, {"Content-Encoding", "gzip"}}, "plain"));
  EXPECT_FALSE(encoded({{"Content-Type", "text/html"}, {"Content-Encoding", "identity"}}, "plain"));
  // Whoever gave no type has not said that it is binary; not every gateway undoes base64.
  EXPECT_FALSE(encoded({}, "plain"));
  EXPECT_TRUE(encoded({}, "\xff"));
}

TEST(EnvelopeTest, ThereAndBackIsTheSame) {
  std::mt19937 random(7);
  for (const std::size_t size : {0U, 1U, 48U * 1024, 48U * 1024 + 1, 200'001U}) {
    std::string body(size, '\0');
    for (char& c : body) c = static_cast<char>(random());
    for (const auto source : kSources) {
      auto head = kPage;
      head.headers[0].value = "image/png";
      const auto spool = event::to_envelope(head, spool_of("skipped" + body), 7, source);
      const auto response = parse_envelope(text_of(*spool), source);
      ASSERT_TRUE(response.ok());
      EXPECT_EQ(response->head.status, 404);
      EXPECT_EQ(multiset_of(response->head.headers),
                (std::vector<std::string>{"content-type: image/png", "set-cookie: a=1", "set-cookie: b=2",
                                          "vary: Cookie, Accept"}));
      EXPECT_EQ(text_of(response->body), body);
    }
  }
}

TEST(EnvelopeTest, APreludeIsAnEnvelopeWithoutABody) {
  const auto prelude = event::to_prelude(kPage, HttpSource::http_2_0);
  ASSERT_TRUE(prelude.ends_with(event::kPreludeEnd));
  const auto text = prelude.substr(0, prelude.size() - 8);
  EXPECT_EQ(text.find('\0'), std::string::npos);
  const auto response = parse_envelope(text, HttpSource::http_2_0);
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->head.status, 404);
  EXPECT_EQ(response->head.headers.size(), 4U);
}

TEST(EnvelopeTest, FormatTwoTakesWhatIsNoEnvelopeForABody) {
  const auto response = parse_envelope(R"({"message": "hi"})", HttpSource::http_2_0);
  EXPECT_EQ(response->head.status, 200);
  EXPECT_EQ(*find_header(response->head.headers, "content-type"), "application/json");
  EXPECT_EQ(text_of(response->body), R"({"message": "hi"})");
  EXPECT_EQ(text_of(parse_envelope("\"hi\"", HttpSource::http_2_0)->body), "hi");
  EXPECT_EQ(text_of(parse_envelope("[1]", HttpSource::http_2_0)->body), "[1]");
}

TEST(EnvelopeTest, OnlyABodyNeedsAType) {
  const auto typed = [](std::string_view text) {
    return !parse_envelope(text, HttpSource::http_2_0)->head.headers.empty();
  };
  EXPECT_TRUE(typed(R"({"statusCode":200,"body":"x"})"));
  EXPECT_FALSE(typed(R"({"statusCode":303,"body":""})"));
  EXPECT_FALSE(typed(R"({"statusCode":303})"));
}

TEST(EnvelopeTest, ABodyWithoutATypeGetsTheGateways) {
  const auto type = [](HttpSource source) {
    const auto response = parse_envelope(R"({"statusCode":404,"body":"x"})", source);
    const auto* found = find_header(response->head.headers, "Content-Type");
    return found == nullptr ? "none" : *found;
  };
  EXPECT_EQ(type(HttpSource::http_2_0), "application/json");
  EXPECT_EQ(type(HttpSource::rest_1_0), "application/json");
  EXPECT_EQ(type(HttpSource::alb_single), "application/octet-stream");
  EXPECT_EQ(type(HttpSource::alb_multi), "application/octet-stream");
}

TEST(EnvelopeTest, ApiGatewayMergesSingleValuesAndLists) {
  const auto response = parse_envelope(
      R"({"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"],"Link":["</1>"]},
          "headers":{"set-cookie":"b=2","link":"</2>","X-A":"1"}})",
      HttpSource::rest_1_0);
  EXPECT_EQ(
      multiset_of(response->head.headers),
      (std::vector<std::string>{"link: </1>", "link: </2>", "set-cookie: a=1", "set-cookie: b=2", "x-a: 1"}));
}

TEST(EnvelopeTest, WhatIsNoEnvelopeSaysWhy) {
  EXPECT_EQ(fault_of("hello", HttpSource::http_2_0), "it is no JSON");
  EXPECT_EQ(fault_of("", HttpSource::http_2_0), "it is no JSON");
  EXPECT_EQ(fault_of("{}", HttpSource::rest_1_0), "it has no statusCode");
  EXPECT_EQ(fault_of("hello", HttpSource::alb_single), "it is no JSON object");
  for (const char* status : {"99", "1000", "null", "\"OK\"", "{}", "2e2", "-20"})
    EXPECT_EQ(fault_of(R"({"statusCode":)" + std::string(status) + "}", HttpSource::http_2_0),
              "its statusCode is no HTTP status")
        << status;
  EXPECT_EQ(fault_of(R"({"statusCode":200,"body":{}})", HttpSource::http_2_0), "its body is no string");
  EXPECT_EQ(fault_of(R"({"statusCode":200,"body":"a!!a","isBase64Encoded":true})", HttpSource::http_2_0),
            "its body is not base64");
  EXPECT_EQ(fault_of(R"({"statusCode":200,"headers":[]})", HttpSource::http_2_0),
            "its headers are no JSON object");
  EXPECT_EQ(fault_of(R"({"statusCode":200,"headers":{"a":"b\r\nc: d"}})", HttpSource::http_2_0),
            "one of its headers is more than a line");
  EXPECT_EQ(fault_of(R"({"statusCode":200,"headers":{"a":{}}})", HttpSource::http_2_0),
            "the value of its header a is no text");
}

TEST(EnvelopeTest, DepthCostsNoStack) {
  const std::string deep = std::string(40'000, '[') + std::string(40'000, ']');
  EXPECT_EQ(fault_of("{\"statusCode\":" + deep + "}", HttpSource::http_2_0),
            "its statusCode is no HTTP status");
  EXPECT_NE(fault_of("{\"statusCode\":200,\"cookies\":" + deep + "}", HttpSource::http_2_0), "none");
  EXPECT_NE(fault_of("{\"statusCode\":200,\"headers\":{\"a\":" + deep + "}}", HttpSource::http_2_0), "none");
  EXPECT_EQ(fault_of(deep, HttpSource::http_2_0), "none");
}

TEST(EnvelopeTest, EveryByteSurvivesTheTextOfABody) {
  std::string body;
  for (char c = 0; c < 127; ++c) body += c;
  body += "\xC3\xA4\xF0\x9F\x98\x80";
  const ResponseHead head{200, "", {{"Content-Type", "text/plain"}}};
  const auto spool = event::to_envelope(head, spool_of(body), 0, HttpSource::http_2_0);
  EXPECT_EQ(json::parse(text_of(*spool))["body"], body);
}

TEST(EnvelopeTest, WrappedBodies) {
  EXPECT_EQ(json::parse(text_of(*event::wrap_body(spool_of("a\n"), "text/plain", false))),
            json::parse(R"({"statusCode":200,"headers":{"Content-Type":"text/plain"},"body":"a\n",
                            "isBase64Encoded":false})"));
  EXPECT_EQ(json::parse(text_of(*event::wrap_body(spool_of("\xff"), "image/png", true)))["body"], "/w==");
}

}  // namespace
