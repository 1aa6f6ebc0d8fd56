// SPDX-License-Identifier: Apache-2.0
#include "event/text/percent.h"

#include "base/text/text.h"

#include <charconv>
#include <optional>
#include <vector>

namespace event {
namespace {

constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view kAlsoInPaths = "/:@!$&'()*+,;=";

bool is_one_of(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

// Of the %XX at the start of `text`.
std::optional<char> encoded_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  unsigned byte = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
  if (error != std::errc() || end != text.data() + 3) return std::nullopt;
  return static_cast<char>(byte);
}

void append_encoded(std::string& text, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  ((text += '%') += kHex[byte >> 4]) += kHex[byte & 15];
}

}  // namespace

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = encoded_byte(text.substr(i));
    decoded += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text)
    if (is_one_of(c, kUnreserved))
      encoded += c;
    else
      append_encoded(encoded, c);
  return encoded;
}

std::string normalized_path(std::string_view path) {
  std::string normal;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool stays =
        is_one_of(path[i], kUnreserved) || is_one_of(path[i], kAlsoInPaths) || encoded_byte(path.substr(i));
    if (stays)
      normal += path[i];
    else
      append_encoded(normal, path[i]);
  }
  return normal.starts_with('/') ? normal : "/" + normal;
}

bool resolve_dots(std::string& path) {
  std::vector<std::string> kept;
  const auto segments = base::split(path, '/');
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const bool is_last = i + 1 == segments.size();
    const bool is_dots = segments[i] == "." || segments[i] == "..";
    if (segments[i] == ".." && kept.empty()) return false;
    if (segments[i] == "..") kept.pop_back();
    if (!is_dots) kept.emplace_back(segments[i]);
    if (is_dots && is_last) kept.emplace_back();
  }
  std::string resolved;
  for (const auto& segment : kept) (resolved += '/') += segment;
  path = resolved.empty() ? "/" : std::move(resolved);
  return true;
}

}  // namespace event
