// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/cases/secrets.h"
#include "cli/cases/test_cases.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// What a call of `shellstrap test` brought.
struct TestAnswer {
  std::string payload;  ///< as a caller gets it; "*" is the request id in errors of the service
  bool is_error = false;
  std::string log;  ///< of this call, what the runtime and its handler wrote
};

/// Lines that tell what is wrong; empty: nothing is.
using Findings = std::vector<std::string>;

/// Compares answers with what cases expect. Pure. In its findings there are none of the secrets.
class TestComparison {
 public:
  /// `as_json`: where both sides are JSON, their values are compared, not their bytes. `secrets` is borrowed.
  TestComparison(bool as_json, const Secrets& secrets) : as_json_(as_json), secrets_(secrets) {}

  /// Success or error, and the log.
  [[nodiscard]] Findings beside_answer(const TestCase& test, const TestAnswer& answer) const;
  /// The answer itself.
  [[nodiscard]] Findings of_answer(const TestCase& test, const TestAnswer& answer) const;
  /// What the file `expected` has to hold for the answer; masked where the case has masks. An error: there is
  /// none, a sentence.
  [[nodiscard]] base::Result<std::string> expected_for(const TestCase& test, const TestAnswer& answer) const;

 private:
  [[nodiscard]] Findings differing(std::string_view expected, std::string_view answer) const;
  [[nodiscard]] Findings end_of_log(const TestAnswer& answer) const;

  const bool as_json_;
  const Secrets& secrets_;
};

}  // namespace cli
