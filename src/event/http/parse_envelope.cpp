// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "event/http/envelope.h"
#include "event/json/json_members.h"
#include "event/json/json_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace event {
namespace {

using Json = nlohmann::ordered_json;
using Members = std::vector<Member>;
using Fault = std::optional<base::Error>;

base::Error fault(std::string message) {
  return {std::move(message), 0};
}

Json json_of(const Members& members, std::string_view key) {
  const auto* member = find_member(members, key);
  if (member == nullptr) return Json();
  return Json::parse(member->value, nullptr, false);
}

// Nothing here copies or writes what may be nested as deep as the answer is long: the library does both by
// recursion.
std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_structured() ? std::string() : value.dump();
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

class Reader {
 public:
  Reader(const Members& members, HttpSource source) : members_(members), source_(source) {}

  base::Result<HttpResponse> response() {
    if (auto fault = read_status()) return *std::move(fault);
    if (auto fault = read_headers()) return *std::move(fault);
    if (auto fault = read_body()) return *std::move(fault);
    return std::move(response_);
  }

 private:
  Fault read_status() {
    const auto status = json_of(members_, "statusCode");
    const auto text = text_of(status);
    const bool is_number = text.size() == 3 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || text[0] == '0') return fault("its statusCode is no HTTP status");
    if (text[0] == '1') return fault("its statusCode " + text + " is that of an interim answer");
    response_.head.status = std::stoi(text);
    const auto description = text_of(json_of(members_, "statusDescription"));
    if (description.starts_with(text) && is_one_line(description))
      response_.head.reason = base::trim(std::string_view(description).substr(text.size()));
    return std::nullopt;
  }

  // Each load balancer reads the one member that its events have; API Gateway merges both.
  Fault read_headers() {
    if (source_ != HttpSource::alb_single && source_ != HttpSource::http_2_0)
      if (auto fault = take_headers(json_of(members_, "multiValueHeaders"))) return fault;
    const auto listed = response_.head.headers.size();
    if (source_ != HttpSource::alb_multi)
      if (auto fault = take_headers(json_of(members_, "headers"))) return fault;
    drop_repetitions(listed);
    if (source_ != HttpSource::http_2_0) return std::nullopt;
    return add_headers("Set-Cookie", json_of(members_, "cookies"));
  }

  Fault take_headers(const Json& headers) {
    if (headers.is_null()) return std::nullopt;
    if (!headers.is_object()) return fault("its headers are no JSON object");
    for (const auto& [name, value] : headers.items())
      if (auto fault = add_headers(name, value)) return fault;
    return std::nullopt;
  }

  /// Of what came behind the first `listed` headers, what is the same as one of them.
  void drop_repetitions(std::size_t listed) {
    auto& headers = response_.head.headers;
    const auto rest = headers.begin() + static_cast<std::ptrdiff_t>(listed);
    const auto is_known = [&](const Header& header) {
      return std::any_of(headers.begin(), rest, [&](const Header& known) {
        return base::equal_ignoring_case(known.name, header.name) && known.value == header.value;
      });
    };
    headers.erase(std::remove_if(rest, headers.end(), is_known), headers.end());
  }

  Fault add_headers(const std::string& name, const Json& value) {
    if (!value.is_array()) return add_header(name, value);
    for (const auto& one : value)
      if (auto fault = add_header(name, one)) return fault;
    return std::nullopt;
  }

  Fault add_header(const std::string& name, const Json& value) {
    if (value.is_null()) return std::nullopt;
    if (value.is_structured()) return fault("the value of its header " + name + " is no text");
    const auto text = text_of(value);
    if (name.empty() || !is_one_line(name) || !is_one_line(text))
      return fault("one of its headers is more than a line");
    response_.head.headers.push_back({name, text});
    return std::nullopt;
  }

  Fault read_body() {
    const auto* body = find_member(members_, "body");
    if (body == nullptr || body->value == "null") return std::nullopt;
    if (!is_string(body->value)) return fault("its body is no string");
    const auto* encoded = find_member(members_, "isBase64Encoded");
    const auto copied =
        append_decoded(response_.body, body->value, encoded != nullptr && encoded->value == "true");
    if (!copied) return fault("its body is " + copied.error().message);
    const bool is_untyped = find_header(response_.head.headers, "Content-Type") == nullptr;
    if (is_untyped && response_.body.size() > 0)
      response_.head.headers.push_back({"Content-Type", std::string(type_of_untyped(source_))});
    return std::nullopt;
  }

  const Members& members_;
  HttpSource source_;
  HttpResponse response_;
};

// Format 2.0 takes what is no envelope for a body: a string without its quotes, all else as it stands.
base::Result<HttpResponse> inferred(std::string_view json) {
  const auto value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) return fault("it is no JSON");
  HttpResponse response;
  response.head.headers.push_back({"Content-Type", "application/json"});
  auto kept = response.body.append(value.is_string() ? value.get<std::string>() : std::string(json));
  if (!kept) return kept.error();
  return response;
}

}  // namespace

std::string_view type_of_untyped(HttpSource source) {
  const bool is_load_balancer = source == HttpSource::alb_single || source == HttpSource::alb_multi;
  return is_load_balancer ? "application/octet-stream" : "application/json";
}

base::Result<HttpResponse> parse_envelope(std::string_view json, HttpSource source) {
  const auto members = members_of(json);
  const bool is_envelope = members && find_member(*members, "statusCode") != nullptr;
  if (is_envelope) return Reader(*members, source).response();
  if (source == HttpSource::http_2_0) return inferred(json);
  return fault(members ? "it has no statusCode" : "it is no JSON object");
}

}  // namespace event
