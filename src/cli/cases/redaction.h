// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/cases/secrets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Whether a header, cookies of an event included, says who the caller is or proves it.
bool is_secret_header(std::string_view name);

/// An event or an answer that may be kept.
struct Redacted {
  std::string text;
  bool is_json = false;
  std::vector<std::string> pointers{};  ///< of the values that were replaced, where it is JSON
};

/// `text` without `secrets`, and where it is JSON without the values of secret headers, wherever they stand.
/// What holds neither comes back byte for byte. Secrets are found in strings, also as base64 and behind %XX,
/// and in the prelude of a streamed HTTP response. nullopt: it is nested too deep to be looked through. Pure.
std::optional<Redacted> redact(std::string_view text, const Secrets& secrets);

}  // namespace cli
