// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace base {

/// What the first byte of a UTF-8 character says of the rest.
struct Utf8Lead {
  std::size_t length;       ///< 0: not a lead byte
  unsigned char low, high;  ///< range of the second byte: keeps out overlong forms, surrogates and > U+10FFFF
};
Utf8Lead utf8_lead(unsigned char byte);

/// Says whether bytes that come in parts, cut anywhere, are UTF-8.
class Utf8Check {
 public:
  /// False: they are not, whatever comes.
  bool take(std::string_view bytes);

  /// No character is torn at the end of what was taken.
  [[nodiscard]] bool complete() const { return missing_ == 0; }

  /// Bytes before the first one that is wrong; of valid ones all.
  [[nodiscard]] std::size_t valid_bytes() const { return valid_; }

 private:
  std::size_t missing_ = 0;  ///< of the current character
  unsigned char low_ = 0;    ///< range of its next byte
  unsigned char high_ = 0;
  std::size_t valid_ = 0;
};

}  // namespace base
