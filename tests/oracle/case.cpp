// SPDX-License-Identifier: Apache-2.0
#include "case.h"

#include <regex>
#include <sstream>

namespace oracle {

namespace {

std::string calibrated(const std::string& text) {
  static const std::regex own_text("\\b(bash|environment): (line [0-9]+: )?");
  static const std::regex job("(: line [0-9]+:|\\[[0-9]+\\][+-]?|(?:^|\n)) +[0-9]+ (?=[A-Z]| +\\|)");
  static const std::regex fault_of_bash("[^\n]*: pop_var_context: [^\n]*\n");
  auto same = std::regex_replace(text, job, "$1 PID ");
  same = std::regex_replace(same, own_text, "bash: ");
  return std::regex_replace(same, fault_of_bash, "");
}

std::string without_jobs(const std::string& text) {
  static const std::regex message("[^\n]*( PID [A-Z]|\\[[0-9]+\\][+-]? )[^\n]*\n");
  static const std::regex signal_alone("^(User defined signal [12]|Terminated|Hangup|Alarm clock|Quit)\n",
                                       std::regex::ECMAScript | std::regex::multiline);
  return std::regex_replace(std::regex_replace(text, message, ""), signal_alone, "");
}

}  // namespace

void calibrate(Outcome& outcome) {
  for (auto* text : {&outcome.out, &outcome.err, &outcome.log}) *text = calibrated(*text);
}

void drop_job_messages(Outcome& outcome) {
  for (auto* text : {&outcome.out, &outcome.err, &outcome.log}) *text = without_jobs(*text);
}

namespace {

// Who has no end has no end of lines.
constexpr int kMostLines = 100;

std::string quoted(const std::string& text) {
  std::ostringstream quoted;
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; count < kMostLines && std::getline(lines, line); ++count)
    quoted << "    | " << line << '\n';
  if (count == kMostLines) quoted << "    (and more)\n";
  return quoted.str();
}

}  // namespace

std::string in_words(const Outcome& outcome) {
  std::ostringstream text;
  text << "  status: " << (outcome.trouble.empty() ? std::to_string(outcome.status) : outcome.trouble)
       << '\n';
  for (const auto& [name, bytes] :
       {std::pair{"stdout", &outcome.out}, {"stderr", &outcome.err}, {"log", &outcome.log}}) {
    if (!bytes->empty()) text << "  " << name << ":\n" << quoted(*bytes);
  }
  return text.str();
}

}  // namespace oracle
