// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/line_tail.h"

#include "base/text/text.h"
#include "base/text/utf8_check.h"

#include <algorithm>

namespace runtime {
namespace {

std::vector<std::string> split_lines(std::string_view text) {
  if (text.empty()) return {};
  const auto lines = base::split(text, '\n');
  return {lines.begin(), lines.end()};
}

// Where its last character lacks bytes, without that.
std::string_view without_torn_end(std::string_view text) {
  const auto lead = std::find_if(text.rbegin(), text.rend(), [](char c) { return (c & 0xC0) != 0x80; });
  if (lead == text.rend()) return text;
  const auto there = static_cast<std::size_t>(lead - text.rbegin()) + 1;
  const bool torn = base::utf8_lead(static_cast<unsigned char>(*lead)).length > there;
  return torn ? text.substr(0, text.size() - there) : text;
}

}  // namespace

void LineTail::add(std::string_view bytes) {
  if (bytes.size() >= kKept) bytes_.clear();
  bytes_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kKept)));
  // Trimmed at twice the size only, so that a flood costs one move per 8 KiB and not one per write.
  if (bytes_.size() > 2 * kKept) bytes_.erase(0, bytes_.size() - kKept);
}

// The last lines without the end of the very last one.
std::string_view LineTail::excerpt() const {
  auto text = base::utf8_tail(bytes_, kBytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto begin = text.size();
  for (std::size_t lines = 0; lines < kLines && begin != std::string_view::npos; ++lines)
    begin = begin > 0 ? text.rfind('\n', begin - 1) : std::string_view::npos;
  return begin == std::string_view::npos ? text : text.substr(begin + 1);
}

std::vector<std::string> LineTail::lines() const {
  return split_lines(excerpt());
}

std::vector<std::string> LineTail::lines_of_text() const {
  const auto text = without_torn_end(excerpt());
  base::Utf8Check check;
  return check.take(text) && check.complete() ? split_lines(text) : std::vector<std::string>();
}

}  // namespace runtime
