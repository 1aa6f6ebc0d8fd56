// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/secrets.h"

#include "base/log/json_line.h"
#include "base/text/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {
namespace {

constexpr std::array<std::string_view, 9> kWords = {
    "SECRET", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
};
constexpr std::array<std::string_view, 7> kEnds = {"_KEY", "_KEY_ID", "_PASS", "_PW",
                                                   "_PWD", "_AUTH",   "_DSN"};

constexpr std::size_t kLongestEscape = 6;  // \u001b

std::string in_json(std::string_view value) {
  std::string inside;
  const auto text = base::repair_utf8(value);
  base::append_json_text(inside, text, kLongestEscape * text.size());
  return inside;
}

/// As clients write a value into a query: `byte` as "%%%02X", and what stands for a blank.
std::string in_url(std::string_view value, const char* byte, std::string_view blank) {
  std::string text;
  for (const char c : value) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    std::array<char, 4> code{};
    std::snprintf(code.data(), code.size(), byte, static_cast<unsigned char>(c));
    text += is_plain ? std::string(1, c) : c == ' ' ? std::string(blank) : code.data();
  }
  return text;
}

/// The value and what it looks like elsewhere, each once.
std::vector<std::string> forms_of(const std::string& value) {
  std::vector<std::string> forms = {value, in_json(value)};
  for (const auto* byte : {"%%%02X", "%%%02x"})
    for (const auto* blank : {"%20", "+"}) forms.push_back(in_url(value, byte, blank));
  std::ranges::sort(forms);
  const auto doubled = std::ranges::unique(forms);
  forms.erase(doubled.begin(), doubled.end());
  return forms;
}

void replace_all(std::string& text, std::string_view what) {
  const std::string_view by = kRedacted;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

bool has_secret_name(std::string_view variable) {
  const auto name = base::ascii_upper(variable);
  const auto is_in = [&](std::string_view word) { return name.find(word) != name.npos; };
  const auto is_end = [&](std::string_view end) { return ("_" + name).ends_with(end); };
  return std::ranges::any_of(kWords, is_in) || std::ranges::any_of(kEnds, is_end);
}

Secrets::Secrets(const base::Environment& environment) {
  for (const auto& entry : environment.strings()) {
    const auto equals = entry.find('=');
    const auto name = entry.substr(0, equals);
    const auto value = entry.substr(equals + 1);
    if (value.empty() || !has_secret_name(name)) continue;
    if (value.size() < kShortest) {
      too_short_.push_back(name);
      continue;
    }
    const auto forms = forms_of(value);
    values_.insert(values_.end(), forms.begin(), forms.end());
  }
  std::ranges::sort(values_, std::ranges::greater(), &std::string::size);
}

std::string Secrets::redacted(std::string_view text) const {
  std::string result(text);
  for (const auto& value : values_) replace_all(result, value);
  return result;
}

bool Secrets::are_in(std::string_view text) const {
  return std::ranges::any_of(values_, [&](const auto& value) { return text.find(value) != text.npos; });
}

}  // namespace cli
