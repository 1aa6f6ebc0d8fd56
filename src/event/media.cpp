// SPDX-License-Identifier: Apache-2.0
#include "event/media.h"

#include "base/text.h"
#include "base/utf8_check.h"
#include "event/pieces.h"

#include <algorithm>
#include <array>

namespace event {
namespace {

constexpr std::array<std::string_view, 8> kTextTypes = {
    "application/json",         "application/xml",        "application/javascript",
    "application/x-javascript", "application/ecmascript", "application/x-www-form-urlencoded",
    "application/yaml",         "application/x-sh",
};

bool is_compressed(const Headers& headers) {
  const auto* coding = find_header(headers, "Content-Encoding");
  return coding != nullptr && !base::equal_ignoring_case(base::trim(*coding), "identity");
}

base::Result<bool> is_utf8(const base::Spool& body, std::size_t offset) {
  base::Utf8Check check;
  bool valid = true;
  const auto read = for_each_piece(body, offset, [&](std::string_view piece) -> base::Status {
    valid = valid && check.take(piece);
    return base::Done{};
  });
  if (!read) return read.error();
  return valid && check.complete();
}

}  // namespace

bool is_text_type(std::string_view content_type) {
  const auto type = base::ascii_lower(base::trim(content_type.substr(0, content_type.find(';'))));
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         std::find(kTextTypes.begin(), kTextTypes.end(), type) != kTextTypes.end();
}

base::Result<bool> needs_base64(const Headers& headers, const base::Spool& body, std::size_t offset) {
  const auto* type = find_header(headers, "Content-Type");
  if (type == nullptr || !is_text_type(*type) || is_compressed(headers)) return true;
  const auto utf8 = is_utf8(body, offset);
  if (!utf8) return utf8.error();
  return !*utf8;
}

}  // namespace event
