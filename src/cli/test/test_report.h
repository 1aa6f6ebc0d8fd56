// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace cli {

/// What became of one case.
struct TestResult {
  std::string name;
  std::chrono::microseconds took{0};
  std::vector<std::string> findings{};  ///< empty: it passed. One line each, printable
  std::vector<std::string> notes{};     ///< the same, of no consequence

  [[nodiscard]] bool passed() const { return findings.empty(); }
};

/// TAP 13, piece by piece, with the line ends: version and plan; a case, its findings and notes as comments;
/// how many passed.
std::string tap_plan(std::size_t count);
std::string tap_case(std::size_t number, const TestResult& result);
std::string tap_summary(const std::vector<TestResult>& results);

/// The same as one suite of JUnit's XML.
std::string junit(const std::string& suite, const std::vector<TestResult>& results);

}  // namespace cli
