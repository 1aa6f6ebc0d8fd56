// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "event/http/http_event.h"
#include "event/http/media.h"
#include "event/http/query.h"
#include "event/json/json_text.h"

#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace event {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kStage = "$default";

// 31/Aug/2026:12:34:56 +0000
std::string log_time(std::chrono::milliseconds time) {
  const auto seconds = static_cast<std::time_t>(time.count() / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S +0000", &parts)};
}

// {"name": ["value", …]}; null where there is none, as API Gateway has it.
template <typename Pairs>
Json multi_values(const Pairs& pairs) {
  Json object;
  for (const auto& pair : pairs) object[pair.name].push_back(pair.value);
  return object;
}

// {"name": "value"}, the last value, or all of them with `separator` between.
template <typename Pairs>
Json single_values(const Pairs& pairs, std::string_view separator) {
  Json object;
  for (const auto& pair : pairs) {
    auto& value = object[pair.name];
    if (value.is_string() && !separator.empty())
      value = value.template get<std::string>() + std::string(separator) + pair.value;
    else
      value = pair.value;
  }
  return object;
}

Headers in_lower_case(const Headers& headers) {
  Headers lower;
  for (const auto& header : headers) lower.push_back({base::ascii_lower(header.name), header.value});
  return lower;
}

std::string value_or_empty(const Headers& headers, std::string_view name) {
  const auto* value = find_header(headers, name);
  return value == nullptr ? std::string() : *value;
}

class Writer {
 public:
  Writer(const HttpRequest& request, const EventStamp& stamp) : request_(request), stamp_(stamp) {}

  [[nodiscard]] Json event() const {
    switch (request_.source) {
      case HttpSource::http_2_0:
        return event_2_0();
      case HttpSource::rest_1_0:
        return event_1_0();
      case HttpSource::alb_single:
      case HttpSource::alb_multi:
        return event_alb();
    }
    return {};
  }

 private:
  [[nodiscard]] Json event_2_0() const {
    const auto [headers, cookies] = headers_and_cookies();
    Json event{{"version", "2.0"},
               {"routeKey", kStage},
               {"rawPath", request_.path},
               {"rawQueryString", request_.query}};
    if (!cookies.empty()) event["cookies"] = cookies;
    event["headers"] = single_values(headers, ",");
    const auto parameters = parameters_of(request_.query, true);
    if (!parameters.empty()) event["queryStringParameters"] = single_values(parameters, ",");
    event["requestContext"] = context_2_0();
    return event;
  }

  /// As a Function URL has them: cookies are a list, and a header as well.
  [[nodiscard]] std::pair<Headers, std::vector<std::string>> headers_and_cookies() const {
    Headers headers;
    std::vector<std::string> cookies;
    for (const auto& header : in_lower_case(request_.headers)) {
      if (header.name != "cookie")
        headers.push_back(header);
      else
        for (const auto cookie : base::split(header.value, ';')) cookies.emplace_back(base::trim(cookie));
    }
    if (!cookies.empty()) headers.push_back({"cookie", base::join(cookies, "; ")});
    return {headers, cookies};
  }

  [[nodiscard]] Json context_2_0() const {
    auto context = public_context_2_0();
    if (const auto& user = request_.authentication.user; !user.empty())
      context["authorizer"]["iam"]["userArn"] = user;
    return context;
  }

  [[nodiscard]] Json public_context_2_0() const {
    return {{"accountId", "anonymous"},
            {"apiId", request_.domain.substr(0, request_.domain.find('.'))},
            {"domainName", request_.domain},
            {"domainPrefix", request_.domain.substr(0, request_.domain.find('.'))},
            {"http",
             {{"method", request_.method},
              {"path", request_.path},
              {"protocol", request_.protocol},
              {"sourceIp", request_.source_ip},
              {"userAgent", value_or_empty(request_.headers, "User-Agent")}}},
            {"requestId", stamp_.request_id},
            {"routeKey", kStage},
            {"stage", kStage},
            {"time", log_time(stamp_.time)},
            {"timeEpoch", stamp_.time.count()}};
  }

  [[nodiscard]] Json event_1_0() const {
    const auto parameters = parameters_of(request_.query, true);
    return {{"version", "1.0"},
            {"resource", "/{proxy+}"},
            {"path", request_.path},
            {"httpMethod", request_.method},
            {"headers", single_values(request_.headers, "")},
            {"multiValueHeaders", multi_values(request_.headers)},
            {"queryStringParameters", single_values(parameters, "")},
            {"multiValueQueryStringParameters", multi_values(parameters)},
            {"pathParameters", {{"proxy", request_.path.substr(1)}}},
            {"stageVariables", nullptr},
            {"requestContext", context_1_0()}};
  }

  [[nodiscard]] Json context_1_0() const {
    return {
        {"accountId", "123456789012"},
        {"domainName", request_.domain},
        {"httpMethod", request_.method},
        {"identity",
         {{"sourceIp", request_.source_ip}, {"userAgent", value_or_empty(request_.headers, "User-Agent")}}},
        {"path", request_.mount + request_.path},
        {"protocol", request_.protocol},
        {"requestId", stamp_.request_id},
        {"requestTime", log_time(stamp_.time)},
        {"requestTimeEpoch", stamp_.time.count()},
        {"resourcePath", "/{proxy+}"},
        {"stage", request_.mount.empty() ? std::string(kStage) : request_.mount.substr(1)}};
  }

  [[nodiscard]] Json event_alb() const {
    const bool multi = request_.source == HttpSource::alb_multi;
    const auto parameters = parameters_of(request_.query, false);
    const auto headers = in_lower_case(request_.headers);
    const auto or_object = [](Json json) { return json.is_null() ? Json::object() : std::move(json); };
    Json event{{"requestContext", {{"elb", {{"targetGroupArn", kTargetGroup}}}}},
               {"httpMethod", request_.method},
               {"path", request_.path}};
    event[multi ? "multiValueQueryStringParameters" : "queryStringParameters"] =
        or_object(multi ? multi_values(parameters) : single_values(parameters, ""));
    event[multi ? "multiValueHeaders" : "headers"] =
        or_object(multi ? multi_values(headers) : single_values(headers, ""));
    return event;
  }

  static constexpr const char* kTargetGroup =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/function/6d0ecf831eec9f09";

  const HttpRequest& request_;
  const EventStamp& stamp_;
};

// Without a body Function URLs have no member, API Gateway has null and load balancers have "".
base::Status append_body(base::Spool& json, const HttpRequest& request) {
  if (!request.has_body && request.source == HttpSource::http_2_0)
    return json.append(",\"isBase64Encoded\":false}");
  if (!request.has_body && request.source == HttpSource::rest_1_0)
    return json.append(",\"body\":null,\"isBase64Encoded\":false}");
  const auto base64 = arrives_as_base64(request);
  if (!base64) return base64.error();
  if (auto begun = json.append(",\"body\":\""); !begun) return begun;
  auto written = *base64 ? append_base64(json, request.body, 0) : append_escaped(json, request.body, 0);
  if (!written) return written;
  return json.append(*base64 ? "\",\"isBase64Encoded\":true}" : "\",\"isBase64Encoded\":false}");
}

}  // namespace

base::Result<base::Spool> to_event(const HttpRequest& request, const EventStamp& stamp) {
  base::Spool json;
  auto head = Writer(request, stamp).event().dump(-1, ' ', false, Json::error_handler_t::replace);
  head.pop_back();
  auto written = json.append(head);
  if (written) written = append_body(json, request);
  if (!written) return written.error();
  return json;
}

}  // namespace event
