// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/names.h"

#include <algorithm>
#include <cstddef>

namespace cli {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// 1 to `longest` letters, digits and `others`, no "-" first.
bool is_word(std::string_view text, std::size_t longest, std::string_view others) {
  const auto fits = [&](char c) { return is_letter(c) || is_digit(c) || others.find(c) != others.npos; };
  return !text.empty() && text.size() <= longest && text.front() != '-' && std::ranges::all_of(text, fits);
}

}  // namespace

bool is_function_name(std::string_view text) {
  return is_word(text, 64, "-_");
}

bool is_alias_name(std::string_view text) {
  return is_word(text, 128, "-_") && !std::ranges::all_of(text, is_digit);
}

bool is_version(std::string_view text) {
  return is_word(text, 18, "") && std::ranges::all_of(text, is_digit);
}

bool is_region(std::string_view text) {
  return is_word(text, 32, "-");
}

bool is_architecture(std::string_view text) {
  return text == "x86_64" || text == "arm64";
}

bool is_role(std::string_view text) {
  return is_arn(text) || is_word(text, 64, "_+=,.@-");
}

bool is_arn(std::string_view text) {
  return text.starts_with("arn:") && is_word(text, 2048, "_+=,.@-:/");
}

bool is_handler(std::string_view text) {
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  return !text.empty() && text.size() <= 128 && text.front() != '-' && text.find("://") == text.npos &&
         std::ranges::all_of(text, is_plain);
}

}  // namespace cli
