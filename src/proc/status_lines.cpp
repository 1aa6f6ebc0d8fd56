// SPDX-License-Identifier: Apache-2.0
#include "proc/status_lines.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace proc {
namespace {

// Longer than any line that is meant: whoever writes more without an end is not heard.
constexpr std::size_t kLongestLine = 256;

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<StatusLine> parse_status_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  StatusLine parsed{std::string(line.substr(0, first))};
  if (!parse_number(line.substr(first + 1, second - first - 1), parsed.sequence)) return std::nullopt;
  if (!parse_number(line.substr(second + 1), parsed.value)) return std::nullopt;
  return parsed;
}

std::optional<std::string> StatusLines::next(int fd) {
  if (auto line = take_line()) return line;
  std::array<char, kLongestLine> buffer;
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got <= 0) return std::nullopt;
  bytes_.append(buffer.data(), static_cast<std::size_t>(got));
  return take_line();
}

std::optional<std::string> StatusLines::take_line() {
  const auto end = bytes_.find('\n');
  if (end == std::string::npos) {
    if (bytes_.size() > kLongestLine) return std::exchange(bytes_, {});
    return std::nullopt;
  }
  auto line = bytes_.substr(0, end);
  bytes_.erase(0, end + 1);
  return line;
}

}  // namespace proc
