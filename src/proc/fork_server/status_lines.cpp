// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/status_lines.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace proc {
namespace {

// Longer than any line that is meant: whoever writes more without an end is not heard.
constexpr std::size_t kLongestLine = 256;

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Without what a shell puts before the message of an expansion that fails.
std::string_view said_in(std::string_view line) {
  constexpr std::string_view kColon = ": ";
  const auto name = line.find(kSays);
  const auto colon = name == std::string_view::npos ? name : line.find(kColon, name);
  return colon == std::string_view::npos ? line : line.substr(colon + kColon.size());
}

std::vector<std::string_view> split_at_blanks(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t end = 0; (end = text.find(' ')) != std::string_view::npos; text.remove_prefix(end + 1))
    words.push_back(text.substr(0, end));
  words.push_back(text);
  return words;
}

}  // namespace

std::optional<StatusLine> parse_status_line(std::string_view line) {
  const auto words = split_at_blanks(said_in(line));
  if (words.size() < 3 || words.size() > 4 || words[0].empty()) return std::nullopt;
  StatusLine parsed{std::string(words[0])};
  if (!parse_number(words[1], parsed.fork) || !parse_number(words.back(), parsed.value)) return std::nullopt;
  if (words.size() == 4 && !parse_number(words[2], parsed.call.emplace())) return std::nullopt;
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
  bytes_.erase(0, bytes_.find_first_not_of('\n'));
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
