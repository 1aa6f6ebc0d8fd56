// SPDX-License-Identifier: Apache-2.0
#include "base/text/base64.h"

#include <array>

namespace base {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned char kNoDigit = 64;

// Bodies of 6 MB come this way: looking each character up in kDigits takes twenty times as long.
constexpr auto kValues = [] {
  std::array<unsigned char, 256> values{};
  values.fill(kNoDigit);
  for (unsigned char i = 0; i < kDigits.size(); ++i) values[static_cast<unsigned char>(kDigits[i])] = i;
  return values;
}();

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= group.size() ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  Base64Decoder decoder;
  if (!decoder.take(text, bytes) || !decoder.complete()) return std::nullopt;
  return bytes;
}

bool Base64Decoder::take(std::string_view text, std::string& bytes) {
  for (const char c : text) {
    if (c == '=' && take_padding()) continue;
    const auto digit = kValues[static_cast<unsigned char>(c)];
    if (digit == kNoDigit || padded_) return false;
    bits_ = bits_ << 6 | digit;
    characters_ = characters_ % 4 + 1;
    if (characters_ > 1) bytes += static_cast<char>(bits_ >> (8 - 2 * characters_) & 255);
  }
  return true;
}

// The third and the fourth character of a group may be padding, once each.
bool Base64Decoder::take_padding() {
  if (characters_ != 2 && characters_ != 3) return false;
  padded_ = true;
  ++characters_;
  return true;
}

}  // namespace base
