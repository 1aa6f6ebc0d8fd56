// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cli {

/// What the service or the AWS CLI did not do.
struct AwsRefusal {
  std::string code;  ///< the service's word for it, as ResourceNotFoundException; empty: it has not spoken
  std::string sentence;  ///< one line, without the code

  /// "sentence (code)"
  [[nodiscard]] std::string text() const;
};

/// What it printed on standard output, or why it did not.
using AwsAnswer = std::variant<std::string, AwsRefusal>;

/// Texts that no output of ours may show. A value; pure.
class Hidden {
 public:
  Hidden() = default;
  explicit Hidden(const std::vector<std::string>& values);

  /// A value that is shorter is in too many texts by chance.
  static constexpr std::size_t kShortest = 4;

  /// `text` with "(hidden)" in the place of each, as it is and as it stands in a JSON string; and without the
  /// list of all variables that the service adds to its sentence when there are too many.
  [[nodiscard]] std::string from(std::string_view text) const;

 private:
  std::vector<std::string> values_;  // longest first: one may be part of another
};

/// What the AWS CLI said on standard error when it failed. Pure.
AwsRefusal parse_refusal(std::string_view said, const Hidden& hidden);

/// The version in what `aws --version` prints, as {2, 13}; {0, 0}: there is none. Pure.
std::pair<int, int> parse_aws_version(std::string_view printed);

}  // namespace cli
