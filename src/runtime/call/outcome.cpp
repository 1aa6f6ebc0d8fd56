// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/outcome.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace runtime {
namespace {

using api::ErrorType;
using api::FunctionError;

// A shell reports "the command it ran was killed by signal N" as 128 + N.
constexpr int kShellSignalBase = 128;

std::string with_unit(std::chrono::microseconds elapsed) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()) + " ms";
}

std::string seconds(std::chrono::milliseconds duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f seconds", static_cast<double>(duration.count()) / 1000.0);
  return text;
}

std::string megabytes(std::size_t kib) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(kib) / 1024.0);
  return text;
}

std::string status_in_words(int status) {
  if (status == 126) return " (126: the command was found but could not be executed)";
  if (status == 127) return " (127: a command was not found)";
  if (status > kShellSignalBase && status <= kShellSignalBase + 64)
    return " (" + std::to_string(status) + " is 128 + SIG" + proc::signal_name(status - kShellSignalBase) +
           ")";
  return "";
}

std::string launch_in_words(const proc::LaunchError& error) {
  std::string words = error.call + ": " + std::strerror(error.code);
  if (error.code == E2BIG) words += " (one argument or variable over 128 KiB, or all of them over the limit)";
  if (error.code == ENOENT) words += " (the file, its interpreter or its loader is missing)";
  return words;
}

class Judge {
 public:
  Judge(const proc::RunResult& run, const Facts& facts) : run_(run), facts_(facts) {}

  Outcome operator()(const proc::Exited& ending) const {
    if (facts_.every_end || succeeded(run_, facts_.success)) return Succeeded{};
    return ending.state.signal() ? signaled(*ending.state.signal()) : exited(*ending.state.status());
  }

  Outcome operator()(const proc::Overdue& ending) const {
    const auto end =
        ending.state.signal() ? "SIG" + proc::signal_name(*ending.state.signal()) : std::string("SIGTERM");
    return error(ErrorType::Known::timeout, "Task timed out after " + seconds(facts_.allotted) + "; " +
                                                facts_.handler + " was ended by " + end + " after " +
                                                with_unit(run_.elapsed));
  }

  Outcome operator()(const proc::Refused&) const {
    return error(ErrorType::Known::response_size_too_large,
                 "the response of " + facts_.handler + " is too large: at least " +
                     std::to_string(facts_.answer_size) + " bytes, the limit is " +
                     std::to_string(facts_.answer_limit));
  }

  Outcome operator()(const proc::Stopped&) const {
    return error(ErrorType::Known::shutdown, facts_.handler + " was ended after " + with_unit(run_.elapsed) +
                                                 " because the environment is shut down");
  }

  Outcome operator()(const proc::Lost& ending) const {
    return error(ErrorType::Known::internal, "how " + facts_.handler + " ended after " +
                                                 with_unit(run_.elapsed) + " is not known: " + ending.reason);
  }

  Outcome operator()(const proc::LaunchError& ending) const {
    return error(ErrorType::Known::exec_failed,
                 "cannot start " + facts_.handler + ": " + launch_in_words(ending));
  }

  Outcome operator()(const proc::NotStarted& ending) const {
    return error(ErrorType::Known::invalid_event, ending.reason);
  }

  Outcome operator()(const proc::NoAnswer& ending) const {
    return error(ErrorType::Known::invalid_response,
                 facts_.handler + " ended with status " + std::to_string(*ending.state.status()) +
                     ", but the file that was to be its answer is none: " + ending.reason);
  }

 private:
  // Only here may the handler speak for itself: it ended on its own account, with a status that says
  // "failed".
  Outcome exited(int status) const {
    const auto own =
        error(ErrorType::exited(status), facts_.handler + " exited with status " + std::to_string(status) +
                                             status_in_words(status) + " after " + with_unit(run_.elapsed));
    return api::error_by_handler(facts_.answer, own).value_or(own);
  }

  Outcome signaled(int signal) const {
    const auto name = proc::signal_name(signal);
    return error(ErrorType::signaled(name), facts_.handler + " was killed by SIG" + name + " (signal " +
                                                std::to_string(signal) + ") after " +
                                                with_unit(run_.elapsed) + peak_memory());
  }

  // Of a fork of a warm shell it is not known.
  [[nodiscard]] std::string peak_memory() const {
    if (run_.usage.peak_memory_kib == 0) return "";
    return ", peak memory " + megabytes(run_.usage.peak_memory_kib);
  }

  FunctionError error(ErrorType type, std::string message) const {
    return {std::move(type), std::move(message), facts_.last_lines, std::nullopt};
  }

  const proc::RunResult& run_;
  const Facts& facts_;
};

}  // namespace

bool succeeded(const proc::RunResult& run, const std::bitset<256>& success) {
  const auto* exited = std::get_if<proc::Exited>(&run.ending);
  if (exited == nullptr || !exited->state.status()) return false;
  const int status = *exited->state.status();
  return status >= 0 && status < 256 && success.test(static_cast<std::size_t>(status));
}

Outcome judge(const proc::RunResult& run, const Facts& facts) {
  return std::visit(Judge(run, facts), run.ending);
}

FunctionError too_late_to_start(const std::string& handler) {
  auto message = "Task timed out after " + seconds(std::chrono::milliseconds(0)) +
                 "; the deadline had passed before " + handler + " could start";
  return {ErrorType::Known::timeout, std::move(message), {}, std::nullopt};
}

}  // namespace runtime
