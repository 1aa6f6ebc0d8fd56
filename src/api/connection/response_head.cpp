// SPDX-License-Identifier: Apache-2.0
#include "api/connection/response_head.h"

#include "base/text/text.h"

#include <algorithm>

namespace api {
namespace {

// The library matches the status line with std::regex, which recurses for every byte: a long line must not
// reach it.
constexpr std::size_t kLongestStatusLine = 1024;
constexpr std::size_t kUsualHead = std::size_t{16} * 1024;
constexpr std::string_view kNoHttp = "it is no HTTP";

bool is_refused(char byte) {
  return (static_cast<unsigned char>(byte) < ' ' && byte != '\t' && byte != '\r') || byte == 0x7F;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "HTTP/1.1 200 OK", or its start: 200; 0 where it is no status line, or not yet.
int status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
  const auto digits = line.substr(9, 3);
  if (!std::all_of(digits.begin(), digits.end(), is_digit) || digits[0] == '0') return 0;
  if (line.size() > 12 && line[12] != ' ' && line[12] != '\r') return 0;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

bool is_interim(int status) {
  return status / 100 == 1;
}

}  // namespace

void ResponseHead::clear() {
  auto buffer = std::move(bytes_);
  *this = ResponseHead();
  if (buffer.capacity() > kUsualHead) return;  // a huge header must not stay on the heap
  buffer.clear();
  bytes_ = std::move(buffer);
}

bool ResponseHead::take(char byte) {
  const bool line_ends = byte == '\n' && bytes_.ends_with('\r');
  bytes_ += byte;
  if (line_start_ == 0) {
    if (bytes_.size() > kLongestStatusLine) return give_up(kNoHttp);
    return !line_ends || end_status_line();
  }
  if (bytes_.size() > kLargestHead) return give_up("it has over 4 MiB of headers");
  if (bytes_.size() - line_start_ > kLongestLine) return give_up("it has a header of over 1 MiB");
  if (interim_ && interim_bytes_ + bytes_.size() > kLargestInterims)
    return give_up("too many interim answers (1xx) came before it");
  return !line_ends || end_header();
}

bool ResponseHead::end_status_line() {
  const int status = status_of(bytes_);
  if (status == 0) return give_up(kNoHttp);
  interim_ = is_interim(status);
  line_start_ = bytes_.size();
  return true;
}

bool ResponseHead::end_header() {
  const auto line = std::string_view(bytes_).substr(line_start_);
  if (line == "\r\n") return end_head();
  const bool is_header = line.find(':') != std::string_view::npos && line[0] != ' ' && line[0] != '\t';
  if (!is_header) return give_up("it has a line that is no header");
  line_start_ = bytes_.size();
  return ++headers_ <= kMostHeaders || give_up("it has more than 1,024 headers");
}

bool ResponseHead::end_head() {
  complete_ = !interim_;
  if (complete_) return true;
  interim_bytes_ += bytes_.size();
  bytes_.clear();
  line_start_ = headers_ = 0;
  return ++interims_ <= kMostInterims || give_up("too many interim answers (1xx) came before it");
}

bool ResponseHead::give_up(std::string_view fault) {
  fault_ = fault;
  return false;
}

int ResponseHead::status() const {
  const int status = status_of(bytes_);
  return is_interim(status) ? 0 : status;
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

std::size_t ResponseHead::show(char* buffer, std::size_t size) {
  const std::size_t count = std::min(size, bytes_.size() - shown_);
  for (std::size_t i = 0; i < count; ++i, ++shown_) {
    const bool line_ends = bytes_[shown_] == '\n' && bytes_[shown_ - 1] == '\r';
    buffer[i] = !line_ends && is_refused(bytes_[shown_]) ? '?' : bytes_[shown_];
  }
  return count;
}

}  // namespace api
