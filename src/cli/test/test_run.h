// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/cases/test_comparison.h"
#include "cli/test/test_calls.h"
#include "cli/test/test_report.h"

#include <functional>
#include <string>
#include <vector>

namespace cli {

/// How a row of cases has ended.
enum class TestEnd { done, cancelled, init_failed, nobody_reads };

/// Runs cases one after the other. For one thread.
class TestRun {
 public:
  struct Options {
    bool once = false;
    bool update = false;
  };
  /// `print` gets TAP as it comes; it fails with EINTR where the run is cancelled. Everything is borrowed.
  TestRun(Options options, TestCalls& calls, const TestComparison& comparison,
          std::function<base::Status(const std::string&)> print)
      : options_(options), calls_(calls), comparison_(comparison), print_(std::move(print)) {}

  /// Blocks until all have been run, or there is no point in going on.
  TestEnd all(const std::vector<TestCase>& cases);

  [[nodiscard]] const std::vector<TestResult>& results() const { return results_; }
  /// Why the function cannot be initialised, with TestEnd::init_failed.
  [[nodiscard]] const TestAnswer& init_answer() const { return init_answer_; }

 private:
  TestEnd one(TestCase test, TestResult& result);
  [[nodiscard]] TestEnd printed(const std::string& tap) const;
  TestEnd called(const TestCase& test, TestAnswer& answer);
  Findings first_call(TestCase& test, const TestAnswer& answer, bool& is_new) const;
  Findings second_call(const TestCase& test, const TestAnswer& answer) const;
  static void keep_new(const TestCase& test, TestResult& result);

  const Options options_;
  TestCalls& calls_;
  const TestComparison& comparison_;
  const std::function<base::Status(const std::string&)> print_;
  std::vector<TestResult> results_;
  TestAnswer init_answer_;
};

}  // namespace cli
