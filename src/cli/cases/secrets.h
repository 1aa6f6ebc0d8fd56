// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// What stands in the place of a secret.
inline constexpr auto kRedacted = "REDACTED";

/// Whether a variable of this name holds a secret, by its words: TOKEN, SECRET, PASSWORD, a KEY at its end.
bool has_secret_name(std::string_view variable);

/// Values that no output and no file of ours may show. A value; any thread may ask.
class Secrets {
 public:
  /// A value that is shorter is in too many texts by chance.
  static constexpr std::size_t kShortest = 6;

  Secrets() = default;
  /// The variables of `environment` that have secret names.
  explicit Secrets(const base::Environment& environment);

  /// `text` with kRedacted in the place of each, as it is or as it stands in a JSON string or
  /// in a URL.
  [[nodiscard]] std::string redacted(std::string_view text) const;
  [[nodiscard]] bool are_in(std::string_view text) const;
  /// Names of variables whose values are too short to be looked for.
  [[nodiscard]] const std::vector<std::string>& too_short() const { return too_short_; }

 private:
  std::vector<std::string> values_;  // longest first: one may be part of another
  std::vector<std::string> too_short_;
};

}  // namespace cli
