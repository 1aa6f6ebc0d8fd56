// SPDX-License-Identifier: Apache-2.0
#include "event/http/media.h"

#include "base/text/text.h"
#include "base/text/utf8_check.h"
#include "event/text/pieces.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace event {
namespace {

constexpr std::array<std::string_view, 8> kTextTypes = {
    "application/json",         "application/xml",        "application/javascript",
    "application/x-javascript", "application/ecmascript", "application/x-www-form-urlencoded",
    "application/yaml",         "application/x-sh",
};
// Of requests. The first three are those of load balancers.
constexpr std::array<std::string_view, 5> kTextOfRequests = {
    "application/json",         "application/xml",        "application/javascript",
    "application/x-javascript", "application/ecmascript",
};
constexpr std::size_t kOfLoadBalancers = 3;

std::string essence(std::string_view content_type) {
  return base::ascii_lower(base::trim(content_type.substr(0, content_type.find(';'))));
}

bool is_one_of(std::span<const std::string_view> types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool has_text_suffix(std::string_view type) {
  return type.ends_with("+json") || type.ends_with("+xml");
}

bool is_text_type(std::string_view content_type) {
  const auto type = essence(content_type);
  return type.starts_with("text/") || has_text_suffix(type) || is_one_of(kTextTypes, type);
}

bool is_text_for(HttpSource source, std::string_view content_type) {
  const auto type = essence(content_type);
  if (source == HttpSource::rest_1_0 || type.starts_with("text/")) return true;
  if (source == HttpSource::http_2_0) return has_text_suffix(type) || is_one_of(kTextOfRequests, type);
  return is_one_of(std::span(kTextOfRequests).first(kOfLoadBalancers), type);
}

bool is_compressed(const Headers& headers) {
  const auto* coding = find_header(headers, "Content-Encoding");
  return coding != nullptr && !base::equal_ignoring_case(base::trim(*coding), "identity");
}

/// Load balancers look at whether there is a coding, not at which.
bool is_coded(const HttpRequest& request) {
  if (request.source == HttpSource::rest_1_0) return false;
  if (request.source == HttpSource::http_2_0) return is_compressed(request.headers);
  return find_header(request.headers, "Content-Encoding") != nullptr;
}

base::Result<bool> is_no_utf8(const base::Spool& body, std::size_t offset) {
  base::Utf8Check check;
  bool valid = true;
  const auto read = for_each_piece(body, offset, [&](std::string_view piece) -> base::Status {
    valid = valid && check.take(piece);
    return base::Done{};
  });
  if (!read) return read.error();
  return !(valid && check.complete());
}

}  // namespace

base::Result<bool> needs_base64(const Headers& headers, const base::Spool& body, std::size_t offset) {
  const auto* type = find_header(headers, "Content-Type");
  if (is_compressed(headers) || (type != nullptr && !is_text_type(*type))) return true;
  return is_no_utf8(body, offset);
}

base::Result<bool> arrives_as_base64(const HttpRequest& request) {
  if (request.body.size() == 0) return false;
  const auto* type = find_header(request.headers, "Content-Type");
  if (!is_text_for(request.source, type == nullptr ? "" : *type) || is_coded(request)) return true;
  return is_no_utf8(request.body, 0);
}

}  // namespace event
