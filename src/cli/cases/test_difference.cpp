// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/test_difference.h"

#include "base/text/utf8_check.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace cli {
namespace {

// So much of what is equal is shown before a difference in a long line.
constexpr std::size_t kBefore = 40;

std::string escaped(unsigned char byte) {
  if (byte == '\n') return "\\n";
  if (byte == '\r') return "\\r";
  if (byte == '\t') return "\\t";
  std::array<char, 8> code{};
  std::snprintf(code.data(), code.size(), "\\x%02x", byte);
  return code.data();
}

/// Length of the printable character at the start of `text`; 0: there is none. C1 controls are none.
std::size_t printable(std::string_view text) {
  const auto lead = base::utf8_lead(static_cast<unsigned char>(text.front()));
  if (lead.length == 1) return text.front() >= ' ' && text.front() != '\x7f' ? 1 : 0;
  base::Utf8Check check;
  const auto character = text.substr(0, lead.length);
  if (lead.length == 0 || !check.take(character) || !check.complete()) return 0;
  const bool is_control = character[0] == '\xc2' && static_cast<unsigned char>(character[1]) < 0xa0;
  return is_control ? 0 : lead.length;
}

/// The line that `offset` is in or at the end of; with its end of line.
struct Line {
  std::size_t number;
  std::size_t begin;
};
Line line_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto end = before.rfind('\n');
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, end == before.npos ? 0 : end + 1};
}

std::string side(std::string_view text, const Line& line, std::size_t offset) {
  if (line.begin >= text.size()) return "(nothing, " + std::to_string(text.size()) + " bytes in all)";
  const auto end = text.find('\n', line.begin);
  const auto length = end == text.npos ? text.npos : end + 1 - line.begin;
  const auto column = offset - line.begin;
  return shown(text.substr(line.begin, length), column > 2 * kBefore ? column - kBefore : 0);
}

}  // namespace

std::string shown(std::string_view text, std::size_t from, std::size_t limit) {
  while (from > 0 && from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0U) == 0x80) --from;
  std::string out = from > 0 ? "..." : "";
  for (text.remove_prefix(std::min(from, text.size())); !text.empty();) {
    if (out.size() >= limit) return out + "...";
    const auto length = printable(text);
    out += length > 0 ? std::string(text.substr(0, length)) : escaped(static_cast<unsigned char>(text[0]));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::vector<std::string> first_difference(std::string_view expected, std::string_view answer) {
  if (expected.size() == answer.size() + 1 && expected.ends_with('\n') && expected.starts_with(answer))
    return {"the answer lacks the newline at the end of expected"};
  if (answer.size() == expected.size() + 1 && answer.ends_with('\n') && answer.starts_with(expected))
    return {"the answer ends with a newline, expected does not"};
  const auto common = std::min(expected.size(), answer.size());
  const auto parts =
      std::mismatch(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(common), answer.begin());
  const auto offset = static_cast<std::size_t>(parts.first - expected.begin());
  const auto line = line_at(expected, offset);
  return {"line " + std::to_string(line.number) + " differs", "expected: " + side(expected, line, offset),
          "answer:   " + side(answer, line, offset)};
}

}  // namespace cli
