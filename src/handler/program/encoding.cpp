// SPDX-License-Identifier: Apache-2.0
#include "handler/program/encoding.h"

namespace handler {
namespace {

using namespace std::string_view_literals;

constexpr auto kMark8 = "\xEF\xBB\xBF"sv;
constexpr auto kLittle16 = "\xFF\xFE"sv;
constexpr auto kBig16 = "\xFE\xFF"sv;
constexpr auto kLittle32 = "\xFF\xFE\0\0"sv;
constexpr auto kBig32 = "\0\0\xFE\xFF"sv;

/// Without the zero bytes that wide encodings put beside each ASCII character.
std::string narrowed(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 8))
    if (c != '\0') text.push_back(c);
  return text;
}

// Enough to tell, and less than the shortest script has.
constexpr std::size_t kPairs = 4;

// ASCII in two bytes each: NUL is every other one, and no others are.
bool alternates(std::string_view head, std::size_t first_nul) {
  if (head.size() < 2 * kPairs) return false;
  for (std::size_t at = 0; at < 2 * kPairs; ++at)
    if ((head[at] == '\0') != (at % 2 == first_nul)) return false;
  return true;
}

}  // namespace

// The marks of UTF-32 first: the one of UTF-16 is the beginning of one of them.
Encoding encoding_of(std::string_view head) {
  if (head.starts_with(kMark8)) return Encoding::marked_utf8;
  if (head.starts_with(kLittle32) || head.starts_with(kBig32)) return Encoding::utf32;
  if (head.starts_with(kLittle16) || head.starts_with(kBig16)) return Encoding::utf16;
  if (head.starts_with("#\0!\0"sv) || head.starts_with("\0#\0!"sv)) return Encoding::utf16;
  if (alternates(head, 0) || alternates(head, 1)) return Encoding::utf16;
  return Encoding::plain;
}

std::string_view without_mark(std::string_view head) {
  return head.starts_with(kMark8) ? head.substr(kMark8.size()) : head;
}

bool begins_as_script(std::string_view head) {
  switch (encoding_of(head)) {
    case Encoding::plain:
    case Encoding::marked_utf8:
      return without_mark(head).starts_with("#!");
    case Encoding::utf16:
      return narrowed(head.substr(head.starts_with('#') || head.starts_with('\0') ? 0 : 2)).starts_with("#!");
    case Encoding::utf32:
      return narrowed(head.substr(4)).starts_with("#!");
  }
  return false;
}

std::optional<std::string> encoding_fault(Encoding encoding) {
  switch (encoding) {
    case Encoding::marked_utf8:
      return "begins with a byte order mark (BOM), so that the kernel sees no #! line, and a shell takes it "
             "for "
             "a part of the first word. Save it as UTF-8 without BOM: sed -i '1s/^\\xEF\\xBB\\xBF//'";
    case Encoding::utf16:
      return "is in UTF-16, which neither the kernel nor an interpreter reads. Save it as UTF-8: iconv -f "
             "UTF-16 "
             "-t UTF-8";
    case Encoding::utf32:
      return "is in UTF-32, which neither the kernel nor an interpreter reads. Save it as UTF-8: iconv -f "
             "UTF-32 "
             "-t UTF-8";
    case Encoding::plain:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace handler
