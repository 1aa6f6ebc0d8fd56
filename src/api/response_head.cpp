// SPDX-License-Identifier: Apache-2.0
#include "api/response_head.h"

#include "base/text.h"

#include <algorithm>

namespace api {
namespace {

// The library matches the status line with std::regex, which recurses for every byte: a long line must not
// reach it.
constexpr std::size_t kLongestStatusLine = 1024;
constexpr std::size_t kUsualHead = std::size_t{16} * 1024;
// A header of 1 MiB is legal on this wire; the rest is not this big.
constexpr std::size_t kLargestHead = std::size_t{4} * 1024 * 1024;

bool is_refused(char byte) {
  return (static_cast<unsigned char>(byte) < ' ' && byte != '\t' && byte != '\r') || byte == 0x7F;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "HTTP/1.1 200 OK": 200; 0 where it is no status line.
int status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
  const auto digits = line.substr(9, 3);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return 0;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

}  // namespace

void ResponseHead::clear() {
  if (bytes_.capacity() > kUsualHead) bytes_ = std::string();  // a huge header must not stay on the heap
  bytes_.clear();
  line_start_ = 0;
  complete_ = false;
}

std::optional<char> ResponseHead::take(char byte) {
  const bool line_ends = byte == '\n' && bytes_.ends_with('\r');
  bytes_ += byte;
  if (bytes_.size() > (line_start_ == 0 ? kLongestStatusLine : kLargestHead)) return {};
  if (!line_ends) return is_refused(byte) ? '?' : byte;
  if (bytes_.size() == line_start_ + 2) finish();
  line_start_ = bytes_.size();
  return byte;
}

// "100 Continue" announces another head.
void ResponseHead::finish() {
  if (status() / 100 == 1) {
    bytes_.clear();
  } else {
    complete_ = true;
  }
}

int ResponseHead::status() const {
  return status_of(bytes_);
}

std::vector<ContextHeader> ResponseHead::headers() const {
  std::vector<ContextHeader> headers;
  std::string_view rest = bytes_;
  rest.remove_prefix(rest.find("\r\n") + 2);
  for (auto end = rest.find("\r\n"); end != 0 && end != std::string_view::npos; end = rest.find("\r\n")) {
    const auto line = rest.substr(0, end);
    const auto colon = std::min(line.find(':'), line.size());
    const auto value = base::trim(line.substr(std::min(colon + 1, line.size())));
    headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    rest.remove_prefix(end + 2);
  }
  return headers;
}

}  // namespace api
