// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/redaction.h"

#include "api/wire/wire.h"
#include "base/text/base64.h"
#include "base/text/text.h"
#include "cli/cases/test_json.h"
#include "event/json/json_check.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> kSecretHeaders = {
    "authorization", "proxy-authorization", "cookie", "cookies", "set-cookie", "x-api-key",
};
// Of GitHub, Stripe, Slack, GitLab, the Standard Webhooks and AWS, and of those who follow them.
constexpr std::array<std::string_view, 3> kSecretEnds = {"-signature", "-signature-256", "-token"};

std::string escaped(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token.push_back(c);
  }
  return token;
}

/// Looks through one document, whose depth is limited.
class Redaction {
 public:
  explicit Redaction(const Secrets& secrets) : secrets_(secrets) {}

  void look_at(ordered_json& value, const std::string& pointer) {
    if (value.is_string()) return look_at_text(value, pointer);
    if (value.is_array())
      for (std::size_t index = 0; index < value.size(); ++index)
        look_at(value[index], pointer + "/" + std::to_string(index));
    if (!value.is_object()) return;
    for (const auto& item : value.items()) {
      const auto member = pointer + "/" + escaped(secrets_.redacted(item.key()));
      is_secret_header(item.key()) ? replace_all(item.value(), member) : look_at(item.value(), member);
    }
  }

  [[nodiscard]] const std::vector<std::string>& pointers() const { return pointers_; }

 private:
  void replace_all(ordered_json& value, const std::string& pointer) {
    replace_leaves(value);
    pointers_.push_back(pointer);
  }

  /// The shape stays: a handler may want a list.
  static void replace_leaves(ordered_json& value) {
    if (!value.is_structured()) value = kRedacted;
    if (value.is_structured())
      for (auto& part : value) replace_leaves(part);
  }

  void look_at_text(ordered_json& value, const std::string& pointer) {
    const auto& text = value.get_ref<const std::string&>();
    const auto decoded = base::base64_decode(text);
    if (decoded && secrets_.are_in(*decoded))
      value = base::base64_encode(secrets_.redacted(*decoded));
    else if (secrets_.are_in(text))
      value = secrets_.redacted(text);
    else
      return;
    pointers_.push_back(pointer);
  }

  const Secrets& secrets_;
  std::vector<std::string> pointers_;
};

/// Secrets that are still there stand in the names of members.
Redacted redact_json(std::string_view text, ordered_json document, const Secrets& secrets) {
  Redaction redaction(secrets);
  redaction.look_at(document, "");
  if (redaction.pointers().empty()) return {secrets.redacted(text), true};
  return {secrets.redacted(document.dump(-1, ' ', false, ordered_json::error_handler_t::replace)), true,
          redaction.pointers()};
}

}  // namespace

bool is_secret_header(std::string_view name) {
  const auto lower = base::ascii_lower(name);
  const auto is_end = [&](std::string_view end) { return lower.ends_with(end); };
  return std::ranges::any_of(kSecretEnds, is_end) ||
         std::ranges::find(kSecretHeaders, lower) != kSecretHeaders.end();
}

std::optional<Redacted> redact(std::string_view text, const Secrets& secrets) {
  if (const auto end = text.find(api::wire::kPreludeEnd); end != text.npos) {
    const auto prelude = redact(text.substr(0, end), secrets);
    if (!prelude) return std::nullopt;
    return Redacted{prelude->text + secrets.redacted(text.substr(end))};
  }
  if (event::json_fault(text)) return Redacted{secrets.redacted(text)};
  if (is_too_deep(text)) return std::nullopt;
  return redact_json(text, ordered_json::parse(text, nullptr, false), secrets);
}

}  // namespace cli
