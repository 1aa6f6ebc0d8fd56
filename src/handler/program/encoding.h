// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace handler {

/// How a text is stored, as far as its first bytes say.
enum class Encoding {
  plain,        ///< ASCII, UTF-8, or no text at all
  marked_utf8,  ///< UTF-8 behind a byte order mark
  utf16,
  utf32,
};

/// `head`: the first bytes of a file. UTF-16 is known by its mark, or by ASCII in two bytes each.
Encoding encoding_of(std::string_view head);

/// UTF-8 without its byte order mark; the rest as it is.
std::string_view without_mark(std::string_view head);

/// Whether the text begins with "#!" once it is decoded.
bool begins_as_script(std::string_view head);

/// What a script in this encoding comes to, and how to mend it: "is in UTF-16, which…". nullopt: it is plain.
std::optional<std::string> encoding_fault(Encoding encoding);

}  // namespace handler
