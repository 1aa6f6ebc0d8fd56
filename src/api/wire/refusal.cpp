// SPDX-License-Identifier: Apache-2.0
#include "api/wire/refusal.h"

#include "base/text/text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace api {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestExcerpt = 300;

std::string member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// On one line and not too long.
std::string excerpt(std::string_view text) {
  std::string line = base::repair_utf8(text.substr(0, kLongestExcerpt));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  return std::string(base::trim(line));
}

}  // namespace

std::string refusal_in_words(int status, std::string_view body) {
  const std::string number = std::to_string(status);
  const json object = json::parse(base::repair_utf8(body), nullptr, false);
  const std::string type = object.is_object() ? excerpt(member(object, "errorType")) : "";
  const std::string message =
      excerpt(object.is_object() ? member(object, "errorMessage") : std::string(body));
  if (type.empty()) return message.empty() ? number : number + ": " + message;
  return number + " " + type + ": " + message;
}

}  // namespace api
