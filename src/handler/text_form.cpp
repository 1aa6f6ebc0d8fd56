// SPDX-License-Identifier: Apache-2.0
#include "handler/text_form.h"

#include <fstream>

namespace handler {
namespace {

constexpr std::size_t kSearched = std::size_t{1024} * 1024;
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

TextForm text_form(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return TextForm::byte_order_mark;
  const bool marked = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  return marked || alternates(head, 0) || alternates(head, 1) ? TextForm::utf16 : TextForm::plain;
}

std::string fault_of_form(TextForm form, const std::string& name, const std::string& path) {
  if (form == TextForm::byte_order_mark)
    return name +
           " begins with a byte order mark, which shells and the kernel take for a part of the first word. "
           "Save it as UTF-8 without one, or: sed -i '1s/^\\xEF\\xBB\\xBF//' " +
           path;
  if (form == TextForm::utf16)
    return name + " is text in UTF-16, which shells cannot read. Save it as UTF-8 without a byte order mark.";
  return "";
}

bool has_carriage_returns(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kSearched, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text.find("\r\n") != std::string::npos;
}

std::string how_to_convert_line_ends(const std::string& path) {
  return "Convert the file: sed -i 's/\\r$//' " + path;
}

}  // namespace handler
