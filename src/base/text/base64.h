// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// RFC 4648, with padding. Pure. Parts of a multiple of 3 bytes, encoded one by one, join to the whole.
std::string base64_encode(std::string_view bytes);
/// nullopt: it is none.
std::optional<std::string> base64_decode(std::string_view text);

/// Decodes base64 that comes in parts, cut anywhere.
class Base64Decoder {
 public:
  /// Appends what `text` adds to `bytes`; false: the whole is no base64, whatever comes.
  bool take(std::string_view text, std::string& bytes);

  /// What was taken is complete: whole groups of four characters.
  [[nodiscard]] bool complete() const { return characters_ % 4 == 0; }

 private:
  bool take_padding();

  std::uint32_t bits_ = 0;
  unsigned characters_ = 0;  ///< of the last group, 4 being as good as 0
  bool padded_ = false;      ///< nothing but padding may follow
};

}  // namespace base
