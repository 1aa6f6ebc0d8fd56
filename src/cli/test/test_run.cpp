// SPDX-License-Identifier: Apache-2.0
#include "cli/test/test_run.h"

#include "base/deadline.h"
#include "cli/cases/test_difference.h"
#include "event/json/json_check.h"

#include <cerrno>
#include <utility>

namespace cli {
namespace {

/// Lambda would refuse it before it comes to a function.
std::vector<std::string> notes_on_event(const TestCase& test) {
  const auto fault = event::json_fault(test.event);
  if (!fault) return {};
  return {"the event is not JSON, which Lambda would refuse: " + shown(*fault)};
}

}  // namespace

TestEnd TestRun::all(const std::vector<TestCase>& cases) {
  if (const auto end = printed(tap_plan(cases.size())); end != TestEnd::done) return end;
  for (const auto& test : cases) {
    const auto began = base::SteadyClock::now();
    TestResult result{test.name};
    if (const auto end = one(test, result); end != TestEnd::done) return end;
    result.took = std::chrono::duration_cast<std::chrono::microseconds>(base::SteadyClock::now() - began);
    if (const auto end = printed(tap_case(results_.size() + 1, result)); end != TestEnd::done) return end;
    results_.push_back(std::move(result));
  }
  return TestEnd::done;
}

TestEnd TestRun::printed(const std::string& tap) const {
  const auto status = print_(tap);
  if (status) return TestEnd::done;
  return status.error().code == EINTR ? TestEnd::cancelled : TestEnd::nobody_reads;
}

TestEnd TestRun::one(TestCase test, TestResult& result) {
  if (!test.fault.empty()) {
    result.findings = {shown(test.fault)};
    return TestEnd::done;
  }
  result.notes = notes_on_event(test);
  TestAnswer answer;
  if (const auto end = called(test, answer); end != TestEnd::done) return end;
  bool is_new = false;
  result.findings = first_call(test, answer, is_new);
  if (result.findings.empty() && !options_.once) {
    if (const auto end = called(test, answer); end != TestEnd::done) return end;
    result.findings = second_call(test, answer);
  }
  if (is_new && result.findings.empty()) keep_new(test, result);
  return TestEnd::done;
}

TestEnd TestRun::called(const TestCase& test, TestAnswer& answer) {
  auto call = calls_.call(test.event);
  if (call.cancelled) return TestEnd::cancelled;
  answer = std::move(call.answer);
  if (!call.init_failed) return TestEnd::done;
  init_answer_ = std::move(answer);
  return TestEnd::init_failed;
}

/// With --update the case expects what was answered from now on.
Findings TestRun::first_call(TestCase& test, const TestAnswer& answer, bool& is_new) const {
  if (auto findings = comparison_.beside_answer(test, answer); !findings.empty()) return findings;
  auto findings = comparison_.of_answer(test, answer);
  if (findings.empty() || !options_.update) return findings;
  auto expected = comparison_.expected_for(test, answer);
  if (!expected) return {expected.error().message};
  test.expected = *std::move(expected);
  is_new = true;
  return {};
}

Findings TestRun::second_call(const TestCase& test, const TestAnswer& answer) const {
  auto findings = comparison_.beside_answer(test, answer);
  if (findings.empty()) findings = comparison_.of_answer(test, answer);
  if (!findings.empty())
    findings.insert(findings.begin(), "the second call does not answer as the first did (mask, --once)");
  return findings;
}

void TestRun::keep_new(const TestCase& test, TestResult& result) {
  const auto written = write_expected(test, *test.expected);
  if (!written) result.findings = {shown(written.error().message)};
  if (written) result.notes.emplace_back("expected has changed");
}

}  // namespace cli
