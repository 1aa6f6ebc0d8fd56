// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/test_comparison.h"

#include "base/text/text.h"
#include "cli/cases/test_difference.h"
#include "cli/cases/test_json.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t kLogLines = 10;
constexpr auto kNoErrorObject =
    "expected: of an error it is a JSON object with errorType, errorMessage or both";

/// Both sides in the form in which they are compared.
struct Sides {
  std::string expected;
  std::string answer;
};

base::Error problem(std::string sentence) {
  return {std::move(sentence), 0};
}

base::Result<Sides> masked(const TestCase& test, const Sides& sides) {
  auto expected = json_form(sides.expected, test.masks);
  if (!expected) return problem("expected is not JSON, which a mask wants");
  auto answer = json_form(sides.answer, test.masks);
  if (!answer) return problem("the answer is not JSON, which a mask wants");
  return Sides{*std::move(expected), *std::move(answer)};
}

base::Result<Sides> of_errors(const TestCase& test, const TestAnswer& answer) {
  auto expected = steady_error(*test.expected);
  auto members = members_like(*test.expected, steady_error(answer.payload));
  if (!members) return problem(kNoErrorObject);
  return masked(test, {std::move(expected), *std::move(members)});
}

base::Result<Sides> sides_of(const TestCase& test, const TestAnswer& answer, bool as_json) {
  if (answer.is_error) return of_errors(test, answer);
  Sides sides{*test.expected, answer.payload};
  if (!test.masks.empty()) return masked(test, sides);
  if (!as_json || sides.expected == sides.answer) return sides;
  auto json = masked(test, sides);
  return json ? json : sides;
}

}  // namespace

Findings TestComparison::beside_answer(const TestCase& test, const TestAnswer& answer) const {
  if (answer.is_error && !test.expects_error) {
    Findings findings = {"the call failed: " + shown(secrets_.redacted(base::trim(answer.payload)), 0, 400)};
    const auto log = end_of_log(answer);
    findings.insert(findings.end(), log.begin(), log.end());
    return findings;
  }
  if (!answer.is_error && test.expects_error)
    return {"the call succeeded, status says error", "answer: " + shown(secrets_.redacted(answer.payload))};
  for (const auto& part : test.log_parts) {
    if (answer.log.find(part) != answer.log.npos) continue;
    Findings findings = {"the log lacks a line of stderr: " + shown(secrets_.redacted(part))};
    const auto log = end_of_log(answer);
    findings.insert(findings.end(), log.begin(), log.end());
    return findings;
  }
  return {};
}

Findings TestComparison::of_answer(const TestCase& test, const TestAnswer& answer) const {
  if (!test.expected)
    return {"there is no file expected; --update writes it",
            "answer: " + shown(secrets_.redacted(answer.payload))};
  const auto sides = sides_of(test, answer, as_json_);
  if (!sides) return {sides.error().message};
  return sides->expected == sides->answer ? Findings{} : differing(sides->expected, sides->answer);
}

/// Redacted as a whole: a secret may have several lines, or stand where a line is cut.
Findings TestComparison::differing(std::string_view expected, std::string_view answer) const {
  const auto redacted_expected = secrets_.redacted(expected);
  const auto redacted_answer = secrets_.redacted(answer);
  if (redacted_expected == redacted_answer) return {"the answer differs where a secret stands"};
  return first_difference(redacted_expected, redacted_answer);
}

base::Result<std::string> TestComparison::expected_for(const TestCase& test, const TestAnswer& answer) const {
  if (!answer.is_error && test.masks.empty()) return answer.payload;
  auto text = json_form(answer.is_error ? steady_error(answer.payload) : answer.payload, test.masks);
  if (!text) return problem("the answer is not JSON, which a mask and an error want");
  return *std::move(text);
}

Findings TestComparison::end_of_log(const TestAnswer& answer) const {
  const auto log = secrets_.redacted(answer.log);
  auto lines = base::split(log, '\n');
  std::erase(lines, std::string_view());
  if (lines.size() > kLogLines) lines.erase(lines.begin(), lines.end() - kLogLines);
  Findings shown_lines;
  for (const auto line : lines) shown_lines.push_back("log: " + shown(line));
  return shown_lines;
}

}  // namespace cli
