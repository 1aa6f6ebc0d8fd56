// SPDX-License-Identifier: Apache-2.0
#include "cli/test/test_report.h"

#include "base/text/text.h"
#include "cli/cases/test_difference.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cli {
namespace {

std::string seconds(std::chrono::microseconds time) {
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.3f", static_cast<double>(time.count()) / 1e6);
  return buffer.data();
}

std::size_t failures(const std::vector<TestResult>& results) {
  return static_cast<std::size_t>(std::ranges::count(results, false, &TestResult::passed));
}

std::chrono::microseconds time_of(const std::vector<TestResult>& results) {
  std::chrono::microseconds sum{0};
  for (const auto& result : results) sum += result.took;
  return sum;
}

/// A folder may be called what it likes; # begins a directive.
std::string tap_name(const std::string& name) {
  std::string text;
  for (const char c : shown(name)) text.append(c == '#' || c == '\\' ? "\\" : "").push_back(c);
  return text;
}

/// Of printable text.
std::string xml(const std::string& text) {
  std::string escaped;
  for (const char c : base::repair_utf8(text)) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else
      escaped.push_back(c);
  }
  return escaped;
}

std::string junit_case(const std::string& suite, const TestResult& result) {
  std::string text = "  <testcase classname=\"" + xml(suite) + "\" name=\"" + xml(shown(result.name)) +
                     "\" time=\"" + seconds(result.took) + "\"";
  if (result.passed()) return text + "/>\n";
  text += ">\n    <failure message=\"" + xml(result.findings.front()) + "\">";
  return text + xml(base::join(result.findings, "\n")) + "</failure>\n  </testcase>\n";
}

}  // namespace

std::string tap_plan(std::size_t count) {
  return "TAP version 13\n1.." + std::to_string(count) + "\n";
}

std::string tap_case(std::size_t number, const TestResult& result) {
  std::string text = std::string(result.passed() ? "ok " : "not ok ") + std::to_string(number) + " - " +
                     tap_name(result.name) + "\n";
  for (const auto& line : result.findings) text += "#   " + line + "\n";
  for (const auto& line : result.notes) text += "#   " + line + "\n";
  return text;
}

std::string tap_summary(const std::vector<TestResult>& results) {
  const auto failed = failures(results);
  return "# " + std::to_string(results.size() - failed) + " passed, " + std::to_string(failed) + " failed, " +
         seconds(time_of(results)) + " s\n";
}

std::string junit(const std::string& suite, const std::vector<TestResult>& results) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + xml(shown(suite)) +
                     "\" tests=\"" + std::to_string(results.size()) + "\" failures=\"" +
                     std::to_string(failures(results)) + "\" errors=\"0\" skipped=\"0\" time=\"" +
                     seconds(time_of(results)) + "\">\n";
  for (const auto& result : results) text += junit_case(shown(suite), result);
  return text + "</testsuite>\n";
}

}  // namespace cli
