// SPDX-License-Identifier: Apache-2.0
#include "event/http/http_event.h"

#include "base/text/text.h"
#include "event/http/forwarded.h"
#include "event/json/json_members.h"
#include "event/json/json_text.h"
#include "event/text/percent.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace event {
namespace {

using Json = nlohmann::ordered_json;
using Members = std::vector<Member>;

// Gateways take 10 to 64 KiB of headers. As a tree, brackets alone are fifty times their text.
constexpr std::size_t kLargestPart = 256 * 1024;

bool has_large_part(const Members& members) {
  return std::any_of(members.begin(), members.end(), [](const Member& member) {
    return member.key != "body" && member.value.size() > kLargestPart;
  });
}

Json json_of(const Members& members, std::string_view key) {
  const auto* member = find_member(members, key);
  if (member == nullptr) return Json();
  return Json::parse(member->value, nullptr, false);
}

// What is no string where one is expected, is as good as absent.
std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

// json[first][second]…, null where it leads nowhere.
const Json& at(const Json& json, std::initializer_list<const char*> keys) {
  static const Json kNull;
  const Json* place = &json;
  for (const char* key : keys) {
    if (!place->is_object()) return kNull;
    const auto found = place->find(key);
    if (found == place->end()) return kNull;
    place = &*found;
  }
  return *place;
}

std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  return text_of(at(json, keys));
}

// "value" or ["value", …]. Nothing here copies what may be nested as deep as the event is long: the library
// does that by recursion.
template <typename Take>
void take_values(const Json& json, Take take) {
  if (json.is_string()) take(json.template get<std::string>());
  if (!json.is_array()) return;
  for (const auto& one : json)
    if (one.is_string()) take(one.template get<std::string>());
}

// {"name": "value"} and {"name": ["value", …]}
template <typename Take>
void for_each_value(const Json& object, Take take) {
  if (!object.is_object()) return;
  for (const auto& entry : object.items())
    take_values(entry.value(), [&](const std::string& value) { take(entry.key(), value); });
}

// The multi-value member where there is one: the other holds only the last of several values.
Json either(const Members& members, std::string_view multi, std::string_view single) {
  auto json = json_of(members, multi);
  if (json.is_object()) return json;
  return json_of(members, single);
}

// API Gateway decodes names and values, load balancers do not.
std::string query_of(const Json& parameters, bool decoded) {
  std::string query;
  for_each_value(parameters, [&](const std::string& name, const std::string& value) {
    if (!query.empty()) query += '&';
    query += decoded ? percent_encode(name) + "=" + percent_encode(value) : name + "=" + value;
  });
  return query;
}

// Who passed the gateway's own check; a Lambda authorizer's `principalId` included.
Authentication authentication_of(const Json& context, const Headers& headers) {
  const std::pair<std::string, std::string> candidates[] = {
      {text_at(context, {"authorizer", "iam", "userArn"}), "AWS4-HMAC-SHA256"},
      {text_at(context, {"identity", "userArn"}), "AWS4-HMAC-SHA256"},
      {text_at(context, {"authorizer", "jwt", "claims", "sub"}), "Bearer"},
      {text_at(context, {"authorizer", "claims", "sub"}), "Bearer"},
      {text_at(context, {"authorizer", "principalId"}), "Custom"},
  };
  for (const auto& [user, usual_scheme] : candidates) {
    if (user.empty()) continue;
    const auto* sent = find_header(headers, "Authorization");
    const auto scheme = sent == nullptr ? usual_scheme : sent->substr(0, sent->find(' '));
    return {scheme, user};
  }
  return {};
}

class Reader {
 public:
  Reader(const Members& members, Json context) : members_(members), context_(std::move(context)) {}

  ParsedEvent request() {
    const bool is_2_0 = at(context_, {"http"}).is_object() && find_member(members_, "rawPath") != nullptr;
    if (is_2_0)
      read_2_0();
    else if (find_member(members_, "httpMethod") != nullptr && find_member(members_, "path") != nullptr)
      read_1_0();
    else
      return NotHttp{};
    read_what_is_common();
    if (!is_token(request_.method)) return MalformedEvent{"its method is none"};
    if (auto fault = read_body()) return *std::move(fault);
    return std::move(request_);
  }

 private:
  void read_2_0() {
    request_.source = HttpSource::http_2_0;
    request_.method = text_at(context_, {"http", "method"});
    request_.path = normalized_path(text_of(json_of(members_, "rawPath")));
    request_.query = text_of(json_of(members_, "rawQueryString"));
    request_.protocol = text_at(context_, {"http", "protocol"});
    request_.source_ip = text_at(context_, {"http", "sourceIp"});
    take_headers(json_of(members_, "headers"));
    take_cookies(json_of(members_, "cookies"));
  }

  void read_1_0() {
    const bool is_alb = at(context_, {"elb"}).is_object();
    const bool is_multi = json_of(members_, "multiValueHeaders").is_object();
    request_.source = !is_alb    ? HttpSource::rest_1_0
                      : is_multi ? HttpSource::alb_multi
                                 : HttpSource::alb_single;
    request_.method = text_of(json_of(members_, "httpMethod"));
    request_.path = normalized_path(text_of(json_of(members_, "path")));
    request_.query =
        query_of(either(members_, "multiValueQueryStringParameters", "queryStringParameters"), !is_alb);
    request_.protocol = text_at(context_, {"protocol"});
    take_headers(either(members_, "multiValueHeaders", "headers"));
    request_.source_ip =
        is_alb ? last_forwarded_address(request_.headers) : text_at(context_, {"identity", "sourceIp"});
    if (!is_alb) take_mount();
  }

  // requestContext.path is the client's; a stage is before what the function calls its path.
  void take_mount() {
    const auto whole = normalized_path(text_at(context_, {"path"}));
    if (whole.size() > request_.path.size() && whole.ends_with(request_.path))
      request_.mount = whole.substr(0, whole.size() - request_.path.size());
    while (request_.mount.ends_with('/')) request_.mount.pop_back();
  }

  void read_what_is_common() {
    if (request_.protocol.empty()) request_.protocol = "HTTP/1.1";
    request_.domain = text_at(context_, {"domainName"});
    const auto* scheme = find_header(request_.headers, "X-Forwarded-Proto");
    const bool is_alb = at(context_, {"elb"}).is_object();
    request_.https = scheme == nullptr ? !is_alb : base::equal_ignoring_case(*scheme, "https");
    request_.authentication = authentication_of(context_, request_.headers);
  }

  void take_headers(const Json& headers) {
    for_each_value(headers, [&](const std::string& name, const std::string& value) {
      request_.headers.push_back({name, value});
    });
  }

  // A Function URL sends them in a header, too: the list is what that header was made into.
  void take_cookies(const Json& cookies) {
    std::vector<std::string> all;
    take_values(cookies, [&](std::string cookie) { all.push_back(std::move(cookie)); });
    if (all.empty()) return;
    std::erase_if(request_.headers,
                  [](const Header& header) { return base::equal_ignoring_case(header.name, "Cookie"); });
    request_.headers.push_back({"cookie", base::join(all, "; ")});
  }

  // A load balancer sends "body": "" with requests that have none.
  std::optional<MalformedEvent> read_body() {
    const auto* body = find_member(members_, "body");
    const bool is_text = body != nullptr && is_string(body->value);
    if (!is_text && body != nullptr && body->value != "null") return MalformedEvent{"its body is no string"};
    const auto* encoded = find_member(members_, "isBase64Encoded");
    if (is_text) {
      const auto copied =
          append_decoded(request_.body, body->value, encoded != nullptr && encoded->value == "true");
      if (!copied) return MalformedEvent{"its body is " + copied.error().message};
    }
    request_.has_body =
        request_.body.size() > 0 || find_header(request_.headers, "Content-Length") != nullptr;
    return std::nullopt;
  }

  const Members& members_;
  Json context_;
  HttpRequest request_;
};

}  // namespace

ParsedEvent parse_http_event(std::string_view json) {
  const auto members = members_of(json);
  if (!members || find_member(*members, "requestContext") == nullptr) return NotHttp{};
  if (has_large_part(*members)) return NotHttp{};
  const bool is_authorizer =
      find_member(*members, "methodArn") != nullptr || find_member(*members, "routeArn") != nullptr;
  if (is_authorizer) return NotHttp{};
  auto context = json_of(*members, "requestContext");
  if (!context.is_object()) return NotHttp{};
  return Reader(*members, std::move(context)).request();
}

}  // namespace event
