// SPDX-License-Identifier: Apache-2.0
#include "event/http/http_event.h"

#include "base/text/text.h"
#include "event/cgi/cgi_request.h"
#include "event/fixture.h"
#include "support/paths.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using event::HttpRequest;
using event::HttpSource;
using event::parse_http_event;
using event_tests::get;
using event_tests::multiset_of;
using event_tests::spool_of;
using event_tests::text_of;

std::string sample(const std::string& name) {
  std::ifstream file(support::source_dir() + "/src/cli/events/" + name + ".json");
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

HttpRequest request_in(std::string_view json) {
  auto parsed = parse_http_event(json);
  auto* request = std::get_if<HttpRequest>(&parsed);
  if (const auto* malformed = std::get_if<event::MalformedEvent>(&parsed)) ADD_FAILURE() << malformed->cause;
  EXPECT_NE(request, nullptr) << json;
  return request == nullptr ? HttpRequest() : std::move(*request);
}

bool is_not_http(std::string_view json) {
  return std::holds_alternative<event::NotHttp>(parse_http_event(json));
}

std::string malformation_of(std::string_view json) {
  const auto parsed = parse_http_event(json);
  const auto* malformed = std::get_if<event::MalformedEvent>(&parsed);
  return malformed == nullptr ? "none" : malformed->cause;
}

TEST(HttpEventTest, EventsOfOtherServicesAreNone) {
  for (const char* name :
       {"s3", "sqs", "sns", "kinesis", "dynamodb", "eventbridge", "step-functions", "kafka"})
    EXPECT_TRUE(is_not_http(sample(name))) << name;
  for (const char* text :
       {"", "{", "{}", "[]", "null", "\"text\"", "no json", "{\"requestContext\":{}}",
        "{\"requestContext\":1,\"httpMethod\":\"GET\",\"path\":\"/\"}", "{\"a\":\"b}", "{} {}"})
    EXPECT_TRUE(is_not_http(text)) << text;
}

TEST(HttpEventTest, AnAuthorizersEventIsNone) {
  EXPECT_TRUE(is_not_http(R"({"type":"REQUEST","methodArn":"arn:aws:x","httpMethod":"GET","path":"/",
                              "requestContext":{"path":"/"}})"));
  EXPECT_TRUE(is_not_http(R"({"version":"2.0","type":"REQUEST","routeArn":"arn:aws:x","rawPath":"/",
                              "requestContext":{"http":{"method":"GET"}}})"));
}

TEST(HttpEventTest, EachSampleIsTheSameRequest) {
  const std::pair<const char*, HttpSource> samples[] = {{"function-url", HttpSource::http_2_0},
                                                        {"api-gateway-v2", HttpSource::http_2_0},
                                                        {"api-gateway-v1", HttpSource::rest_1_0},
                                                        {"alb", HttpSource::alb_single}};
  for (const auto& [name, source] : samples) {
    const auto request = request_in(sample(name));
    EXPECT_EQ(request.source, source) << name;
    EXPECT_EQ(request.method, "POST") << name;
    EXPECT_EQ(request.mount + request.path,
              std::string(source == HttpSource::rest_1_0 ? "/prod" : "") +
                  (std::string(name) == "api-gateway-v2" ? request.path : "/notes/7"));
    EXPECT_EQ(text_of(request.body), R"({"title":"Milk"})") << name;
    EXPECT_TRUE(request.has_body) << name;
    EXPECT_EQ(request.source_ip, "203.0.113.7") << name;
    ASSERT_NE(find_header(request.headers, "CONTENT-TYPE"), nullptr) << name;
    EXPECT_EQ(*find_header(request.headers, "CONTENT-TYPE"), "application/json") << name;
  }
}

TEST(HttpEventTest, QueriesAreTakenAsEachSourceEncodesThem) {
  EXPECT_EQ(request_in(sample("function-url")).query, "tag=a&tag=b&limit=10");
  EXPECT_EQ(request_in(sample("api-gateway-v1")).query, "tag=a&tag=b&limit=10");
  EXPECT_EQ(request_in(sample("alb")).query, "tag=b&limit=10");
  // API Gateway has decoded them, the load balancer has not.
  EXPECT_EQ(request_in(R"({"httpMethod":"GET","path":"/","requestContext":{},
                           "multiValueQueryStringParameters":{"a&b":["1=2"," %"]}})")
                .query,
            "a%26b=1%3D2&a%26b=%20%25");
  EXPECT_EQ(request_in(R"({"httpMethod":"GET","path":"/","requestContext":{"elb":{}},
                           "multiValueQueryStringParameters":{"a%26b":["1%3D2","+"]}})")
                .query,
            "a%26b=1%3D2&a%26b=+");
}

TEST(HttpEventTest, CookiesOfFormatTwoAreAHeader) {
  const auto request = request_in(sample("function-url"));
  ASSERT_NE(find_header(request.headers, "Cookie"), nullptr);
  EXPECT_EQ(*find_header(request.headers, "Cookie"), "theme=dark; id=42");
}

// A Function URL has them in a header, too; an HTTP API does not, and a client may send none at all.
TEST(HttpEventTest, CookiesThatCameTwiceAreThereOnce) {
  const auto cookies = [](const std::string& members) {
    const auto request =
        request_in(R"({"rawPath":"/","requestContext":{"http":{"method":"GET"}},)" + members + "}");
    std::vector<std::string> values;
    for (const auto& header : request.headers)
      if (base::equal_ignoring_case(header.name, "Cookie")) values.push_back(header.value);
    return values;
  };
  const std::vector<std::string> both = {"a=1; b=2"};
  EXPECT_EQ(cookies(R"("headers":{"cookie":"a=1; b=2"},"cookies":["a=1","b=2"])"), both);
  EXPECT_EQ(cookies(R"("headers":{"Cookie":"a=1;b=2"},"cookies":["a=1","b=2"])"), both);
  EXPECT_EQ(cookies(R"("headers":{"cookie":"a=1; b=2"},"cookies":[])"), both);
  EXPECT_EQ(cookies(R"("headers":{"cookie":"a=1; b=2"},"cookies":[7])"), both);
  EXPECT_EQ(cookies(R"("headers":{"cookie":"a=1; b=2"},"cookies":null)"), both);
  EXPECT_EQ(cookies(R"("headers":{"cookie":"a=1; b=2"})"), both);
  EXPECT_EQ(cookies(R"("headers":{},"cookies":["a=1","b=2"])"), both);
  EXPECT_EQ(cookies(R"("headers":{})"), std::vector<std::string>());
}

TEST(HttpEventTest, APathThatCameDecodedIsEncodedAgain) {
  const auto with = [](const std::string& path) {
    return request_in(R"({"rawPath":")" + path + R"(","requestContext":{"http":{"method":"GET"}}})").path;
  };
  EXPECT_EQ(with("/a b?c#d"), "/a%20b%3Fc%23d");
  EXPECT_EQ(with("/\xC3\xA4"), "/%C3%A4");
  EXPECT_EQ(with("/100%"), "/100%25");
  EXPECT_EQ(with("/a%20b/x@y:z;(1)"), "/a%20b/x@y:z;(1)");
  EXPECT_EQ(with(""), "/");
}

TEST(HttpEventTest, OnlyTheLastAddressIsTheLoadBalancersWord) {
  const auto with = [](const std::string& forwarded) {
    return request_in(
               R"({"httpMethod":"GET","path":"/","requestContext":{"elb":{}},"headers":{"x-forwarded-for":")" +
               forwarded + R"("}})")
        .source_ip;
  };
  EXPECT_EQ(with("127.0.0.1, 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(with("203.0.113.7:4711"), "203.0.113.7");
  EXPECT_EQ(with("2001:db8::7"), "2001:db8::7");
  EXPECT_EQ(with("[2001:db8::7]:4711"), "2001:db8::7");
  EXPECT_EQ(with("[2001:db8::7"), "2001:db8::7");
}

TEST(HttpEventTest, BodiesAreDecoded) {
  const auto with = [](const std::string& members) {
    return request_in(R"({"httpMethod":"POST","path":"/","requestContext":{"elb":{}},)" + members + "}");
  };
  EXPECT_EQ(text_of(with(R"("body":"\u00e4\n\"\\\/\ud83d\ude00")").body), "\xC3\xA4\n\"\\/\xF0\x9F\x98\x80");
  EXPECT_EQ(text_of(with(R"("body":"/wD+","isBase64Encoded":true)").body), std::string("\xff\0\xfe", 3));
  EXPECT_FALSE(with(R"("body":"")").has_body);
  EXPECT_FALSE(with(R"("body":null)").has_body);
  EXPECT_TRUE(with(R"("body":"","headers":{"content-length":"0"})").has_body);
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(text_of(with("\"body\":\"" + large + "\"").body), large);
}

TEST(HttpEventTest, WhatLooksLikeARequestAndIsNoneSaysWhy) {
  const std::string start = R"({"httpMethod":"GET","path":"/","requestContext":{},)";
  EXPECT_EQ(malformation_of(start + R"("body":"a!","isBase64Encoded":true})"), "its body is not base64");
  EXPECT_EQ(malformation_of(start + R"("body":"YQ","isBase64Encoded":true})"), "its body is not base64");
  EXPECT_EQ(malformation_of(start + R"("body":"\ud8"})"), "its body is no JSON string");
  EXPECT_EQ(malformation_of(start + R"("body":{}})"), "its body is no string");
  EXPECT_EQ(malformation_of(R"({"httpMethod":"GET /","path":"/","requestContext":{}})"),
            "its method is none");
  EXPECT_EQ(malformation_of(R"({"httpMethod":7,"path":"/","requestContext":{}})"), "its method is none");
}

TEST(HttpEventTest, DepthCostsNoStack) {
  const std::string deep = std::string(40'000, '[') + std::string(40'000, ']');
  const auto request =
      request_in(R"({"rawPath":"/","cookies":)" + deep + R"(,"headers":{"a":)" + deep +
                 R"(},"requestContext":{"http":{"method":"GET"},"authorizer":)" + deep + "}}");
  EXPECT_TRUE(request.headers.empty());
  const auto rest =
      request_in(R"({"path":"/","httpMethod":"GET","multiValueHeaders":{"a":)" + deep +
                 R"(},"queryStringParameters":)" + deep + R"(,"requestContext":{"identity":)" + deep + "}}");
  EXPECT_TRUE(rest.headers.empty());
}

TEST(HttpEventTest, OnlyBodiesAreLarge) {
  const std::string large(300'000, ' ');
  EXPECT_TRUE(is_not_http(R"({"rawPath":"/","headers":{)" + large +
                          R"(},"requestContext":{"http":{"method":"GET"}}})"));
}

TEST(HttpEventTest, WhoWasLetInIsKnown) {
  const auto with = [](const std::string& context) {
    return request_in(R"({"rawPath":"/","headers":{"authorization":"AWS4-HMAC-SHA256 Credential=x"},
                          "requestContext":{"http":{"method":"GET"},)" +
                      context + "}}")
        .authentication;
  };
  EXPECT_EQ(with(R"("authorizer":{"iam":{"userArn":"arn:aws:iam::1:user/ada"}})").user,
            "arn:aws:iam::1:user/ada");
  EXPECT_EQ(with(R"("authorizer":{"iam":{"userArn":"arn:aws:iam::1:user/ada"}})").scheme, "AWS4-HMAC-SHA256");
  EXPECT_EQ(with(R"("authorizer":{"jwt":{"claims":{"sub":"ada"}}})").user, "ada");
  EXPECT_EQ(with(R"("authorizer":null)").user, "");
}

HttpRequest varied(HttpSource source) {
  auto request = get("/a%20b/c", "x=1&y=%26");
  request.source = source;
  request.method = "PUT";
  request.headers = {{"content-type", "application/octet-stream"},
                     {"host", "example.com"},
                     {"x-forwarded-for", "203.0.113.7"},
                     {"x-forwarded-proto", "https"},
                     {"cookie", "a=1; b=2"}};
  request.body = spool_of(std::string("\0\xff\n\"", 4));
  request.has_body = true;
  return request;
}

TEST(HttpEventTest, WhatWentIntoAnEventComesOutAgain) {
  for (const auto source :
       {HttpSource::http_2_0, HttpSource::rest_1_0, HttpSource::alb_single, HttpSource::alb_multi}) {
    const auto sent = varied(source);
    const auto json = event::to_event(sent, {"id", std::chrono::milliseconds(1788179696000)});
    ASSERT_TRUE(json.ok());
    const auto got = request_in(text_of(*json));
    EXPECT_EQ(got.source, source);
    EXPECT_EQ(got.method, sent.method);
    EXPECT_EQ(got.mount + got.path, sent.path);
    EXPECT_EQ(got.query, sent.query);
    EXPECT_EQ(got.source_ip, sent.source_ip);
    EXPECT_EQ(got.https, sent.https);
    EXPECT_EQ(multiset_of(got.headers), multiset_of(sent.headers));
    EXPECT_EQ(text_of(got.body), text_of(sent.body));
    EXPECT_EQ(got.has_body, sent.has_body);
  }
}

TEST(HttpEventTest, TextStaysTextInAnEvent) {
  auto request = get("/");
  request.headers.push_back({"content-type", "text/plain"});
  request.body = spool_of("\xC3\xA4\x01");
  request.has_body = true;
  const auto event = event::to_event(request, {"id"});
  const auto json = nlohmann::json::parse(text_of(*event));
  EXPECT_EQ(json["body"], "\xC3\xA4\x01");
  EXPECT_EQ(json["isBase64Encoded"], false);
}

nlohmann::json event_of(const HttpRequest& request) {
  const auto event = event::to_event(request, {"id"});
  EXPECT_TRUE(event.ok());
  return nlohmann::json::parse(text_of(*event));
}

/// Whether a body with this type arrives as base64; `type` nullptr: without a type.
bool is_base64(HttpSource source, const char* type, std::string_view body, const char* coding = nullptr) {
  auto request = get("/");
  request.source = source;
  if (type != nullptr) request.headers.push_back({"Content-Type", type});
  if (coding != nullptr) request.headers.push_back({"Content-Encoding", coding});
  request.body = spool_of(body);
  request.has_body = true;
  return event_of(request).at("isBase64Encoded").get<bool>();
}

constexpr const char* kDocumented[] = {
    "text/plain",       "text/html; charset=utf-8",        "TEXT/CSV",
    "application/json", "application/json; charset=utf-8", "application/javascript",
    "application/xml"};
constexpr const char* kFurtherText[] = {"application/problem+json", "image/svg+xml",
                                        "application/x-javascript", "application/ecmascript"};
constexpr const char* kBinary[] = {"application/x-www-form-urlencoded",
                                   "multipart/form-data; boundary=x",
                                   "application/octet-stream",
                                   "application/yaml",
                                   "application/x-ndjson",
                                   "application/graphql",
                                   "image/png",
                                   ""};

TEST(HttpEventTest, FunctionUrlsAndHttpApisSendAllButTextAsBase64) {
  for (const char* type : kDocumented) EXPECT_FALSE(is_base64(HttpSource::http_2_0, type, "a=1")) << type;
  for (const char* type : kFurtherText) EXPECT_FALSE(is_base64(HttpSource::http_2_0, type, "a=1")) << type;
  for (const char* type : kBinary) EXPECT_TRUE(is_base64(HttpSource::http_2_0, type, "a=1")) << type;
  EXPECT_TRUE(is_base64(HttpSource::http_2_0, nullptr, "a=1"));
}

TEST(HttpEventTest, LoadBalancersSendAsTextWhatTheirPageNames) {
  for (const auto source : {HttpSource::alb_single, HttpSource::alb_multi}) {
    for (const char* type : kDocumented) EXPECT_FALSE(is_base64(source, type, "a=1")) << type;
    for (const char* type : kFurtherText) EXPECT_TRUE(is_base64(source, type, "a=1")) << type;
    for (const char* type : kBinary) EXPECT_TRUE(is_base64(source, type, "a=1")) << type;
    EXPECT_TRUE(is_base64(source, nullptr, "a=1"));
  }
}

// Without binaryMediaTypes. What is no UTF-8 has no other way into JSON.
TEST(HttpEventTest, RestApisSendTextWhateverItsType) {
  for (const auto& types : {std::vector<const char*>(std::begin(kDocumented), std::end(kDocumented)),
                            std::vector<const char*>(std::begin(kBinary), std::end(kBinary))})
    for (const char* type : types) {
      EXPECT_FALSE(is_base64(HttpSource::rest_1_0, type, "a=1")) << type;
      EXPECT_TRUE(is_base64(HttpSource::rest_1_0, type, "a=\xff")) << type;
    }
  EXPECT_FALSE(is_base64(HttpSource::rest_1_0, nullptr, "a=1"));
}

TEST(HttpEventTest, WhatJsonCannotHoldIsBase64EverywhereAndSoIsWhatIsCompressed) {
  for (const auto source :
       {HttpSource::http_2_0, HttpSource::rest_1_0, HttpSource::alb_single, HttpSource::alb_multi}) {
    EXPECT_TRUE(is_base64(source, "text/plain", "\xe4"));
    EXPECT_EQ(is_base64(source, "text/plain", "x", "gzip"), source != HttpSource::rest_1_0);
    const bool is_alb = source == HttpSource::alb_single || source == HttpSource::alb_multi;
    EXPECT_EQ(is_base64(source, "text/plain", "x", "identity"), is_alb);
    EXPECT_FALSE(is_base64(source, "application/octet-stream", ""));
  }
}

TEST(HttpEventTest, CookiesOfAFunctionUrlAreInItsHeadersToo) {
  auto request = get("/");
  request.headers.push_back({"Cookie", "a=1; b=2"});
  const auto event = event_of(request);
  EXPECT_EQ(event.at("cookies"), nlohmann::json::array({"a=1", "b=2"}));
  EXPECT_EQ(event.at("headers").at("cookie"), "a=1; b=2");
  request.headers.push_back({"cookie", "c=3"});
  EXPECT_EQ(event_of(request).at("headers").at("cookie"), "a=1; b=2; c=3");
}

TEST(HttpEventTest, ARequestWithoutABodyStaysOne) {
  for (const auto source :
       {HttpSource::http_2_0, HttpSource::rest_1_0, HttpSource::alb_single, HttpSource::alb_multi}) {
    auto request = get("/");
    request.source = source;
    const auto json = event::to_event(request, {"id"});
    EXPECT_FALSE(request_in(text_of(*json)).has_body);
  }
}

}  // namespace
