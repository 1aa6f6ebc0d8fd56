// SPDX-License-Identifier: Apache-2.0
#include "event/http/envelope.h"

#include "base/text/text.h"
#include "event/http/media.h"
#include "event/json/json_text.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace event {
namespace {

using Json = nlohmann::ordered_json;
using base::equal_ignoring_case;

bool is_cookie(const Header& header) {
  return equal_ignoring_case(header.name, "Set-Cookie");
}

// Without repetitions: values of the same name are joined, as RFC 9110 has it for all but Set-Cookie.
Headers joined(const Headers& headers) {
  Headers all;
  for (const auto& header : headers) {
    if (is_cookie(header)) continue;
    const auto same = std::find_if(all.begin(), all.end(), [&](const Header& other) {
      return equal_ignoring_case(other.name, header.name);
    });
    if (same == all.end())
      all.push_back(header);
    else
      same->value += ", " + header.value;
  }
  return all;
}

// A load balancer without multi-value headers takes a name once, and compares names with their case: the
// known way to several cookies is to spell the name differently each time.
std::string spelling_of_cookie(std::size_t n) {
  std::string name = "set-cookie";
  for (char& c : name) {
    if (c == '-') continue;
    if (n % 2 == 0) c = static_cast<char>(c - 'a' + 'A');
    n /= 2;
  }
  return name;
}

Json single_values(const ResponseHead& head, HttpSource source) {
  auto object = Json::object();
  for (const auto& header : joined(head.headers)) object[header.name] = header.value;
  std::size_t cookies = 0;
  if (source == HttpSource::alb_single)
    for (const auto& header : head.headers)
      if (is_cookie(header)) object[spelling_of_cookie(cookies++)] = header.value;
  return object;
}

Json multi_values(const ResponseHead& head) {
  auto object = Json::object();
  for (const auto& header : joined(head.headers)) object[header.name] = Json::array({header.value});
  for (const auto& header : head.headers)
    if (is_cookie(header)) object["Set-Cookie"].push_back(header.value);
  return object;
}

Json cookies_of(const ResponseHead& head) {
  auto array = Json::array();
  for (const auto& header : head.headers)
    if (is_cookie(header)) array.push_back(header.value);
  return array;
}

std::string status_description(const ResponseHead& head) {
  const std::string reason(head.reason.empty() ? reason_of(head.status) : head.reason);
  return std::to_string(head.status) + (reason.empty() ? "" : " " + reason);
}

Json envelope_of(const ResponseHead& head, HttpSource source) {
  Json envelope{{"statusCode", head.status}};
  if (source == HttpSource::alb_single || source == HttpSource::alb_multi)
    envelope["statusDescription"] = status_description(head);
  if (source == HttpSource::rest_1_0 || source == HttpSource::alb_multi) {
    envelope["multiValueHeaders"] = multi_values(head);
    return envelope;
  }
  envelope["headers"] = single_values(head, source);
  if (auto cookies = cookies_of(head); source == HttpSource::http_2_0 && !cookies.empty())
    envelope["cookies"] = std::move(cookies);
  return envelope;
}

// Never fails on bytes that are no UTF-8.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<base::Spool> with_body(const Json& envelope, const base::Spool& bytes, std::size_t offset,
                                    bool base64) {
  base::Spool json;
  auto head = text_of(envelope);
  head.pop_back();
  if (auto written = json.append(head + ",\"body\":\""); !written) return written.error();
  auto written = base64 ? append_base64(json, bytes, offset) : append_escaped(json, bytes, offset);
  if (written)
    written = json.append(base64 ? "\",\"isBase64Encoded\":true}" : "\",\"isBase64Encoded\":false}");
  if (!written) return written.error();
  return json;
}

}  // namespace

base::Result<base::Spool> to_envelope(const ResponseHead& head, const base::Spool& bytes, std::size_t offset,
                                      HttpSource source) {
  const bool is_empty = offset >= bytes.size();
  const auto base64 = is_empty ? base::Result<bool>(false) : needs_base64(head.headers, bytes, offset);
  if (!base64) return base64.error();
  return with_body(envelope_of(head, source), bytes, offset, *base64);
}

std::string to_prelude(const ResponseHead& head, HttpSource source) {
  return text_of(envelope_of(head, source)).append(kPreludeEnd);
}

base::Result<base::Spool> wrap_body(const base::Spool& bytes, std::string_view content_type, bool base64) {
  const Json envelope{{"statusCode", 200}, {"headers", {{"Content-Type", content_type}}}};
  return with_body(envelope, bytes, 0, base64);
}

}  // namespace event
