// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/shell/shell_runner.h"
#include "support/process_target.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace shell_test {

struct Called {
  proc::RunResult result;
  std::string out;
  std::string err;
  std::string third;  ///< of the descriptor of its own, where there is one

  /// The status it ended with by itself; -1: it did not.
  [[nodiscard]] int status() const {
    const auto* exited = std::get_if<proc::Exited>(&result.ending);
    return exited != nullptr ? exited->state.status().value_or(-1) : -1;
  }
};

struct CallOptions {
  std::vector<api::ContextHeader> context{};
  base::Deadline terminate_at = base::Deadline::never();
  base::Deadline kill_at = base::Deadline::after(std::chrono::seconds(50));
  int stop_fd = -1;
  proc::ByteSink* out = nullptr;  ///< instead of Called::out
};

struct FunctionOptions {
  std::string function = "handler";
  int answer_fd = 1;
  std::vector<std::string> shell_options{};
  std::vector<std::string> variables{};  ///< "NAME=value" beside PATH, HOME and LANG
  handler::Leftovers leftovers = handler::Leftovers::end;
};

/// A function file in a task root of its own, and the runner of one of its functions. No HTTP.
class Function {
 public:
  explicit Function(std::string_view text, FunctionOptions options = {}) : answer_fd_(options.answer_fd) {
    root_.write("function.sh", text);
    start(std::move(options));
  }

  Called call(std::string_view event = "{}", const CallOptions& options = {}) {
    auto called = call_only(event, options);
    runner_->settle();
    return called;
  }

  /// Without what comes behind the answer.
  Called call_only(std::string_view event, const CallOptions& options) {
    const auto invocation = invocation_of(event, options.context);
    support::StringSink out;
    support::StringSink err;
    support::StringSink third;
    std::vector<proc::Output> outputs{{1, options.out != nullptr ? options.out : &out}, {2, &err}};
    if (answer_fd_ > 2) outputs.push_back({answer_fd_, &third});
    auto result = runner_->run({invocation, options.terminate_at, options.kill_at, options.stop_fd, outputs});
    return {std::move(result), std::move(out.text), std::move(err.text), std::move(third.text)};
  }

  std::optional<handler::InitProblem> hook(const handler::WarmHook& hook) { return runner_->run_hook(hook); }

  [[nodiscard]] bool ready() const { return runner_ != nullptr; }
  [[nodiscard]] const handler::InitProblem& problem() const { return *problem_; }
  /// What the file printed when it was sourced, and the sentences of warning.
  [[nodiscard]] const std::string& log() const { return log_; }
  [[nodiscard]] const std::string& warnings() const { return warnings_; }
  [[nodiscard]] const support::TempDir& root() const { return root_; }
  /// Ends the shell.
  void end() { runner_.reset(); }

 private:
  class LogSink : public proc::ByteSink {
   public:
    explicit LogSink(std::string& text) : text_(text) {}
    bool take(std::string_view bytes) override {
      text_.append(bytes);
      return true;
    }

   private:
    std::string& text_;
  };

  static api::Invocation invocation_of(std::string_view event, std::vector<api::ContextHeader> context) {
    context.push_back({"Lambda-Runtime-Aws-Request-Id", "request-1"});
    return {"request-1", std::nullopt, std::nullopt,       "",
            "",          "",           std::move(context), support::input_with(event)};
  }

  void start(FunctionOptions options) {
    base::Environment environment;
    environment.set("PATH", std::getenv("PATH"));
    environment.set("HOME", "/tmp");
    environment.set("LANG", "C.UTF-8");
    for (const auto& variable : options.variables) {
      const auto equals = variable.find('=');
      environment.set(variable.substr(0, equals), variable.substr(equals + 1));
    }
    auto created = handler::ShellRunner::create(
        {{root_ / "function.sh", std::move(options.function)},
         environment,
         root_.path(),
         answer_fd_,
         std::move(options.shell_options),
         options.leftovers},
        std::make_unique<LogSink>(log_),
        [this](std::string_view sentence, std::string_view) { warnings_.append(sentence).append("\n"); });
    if (auto* problem = std::get_if<handler::InitProblem>(&created))
      problem_ = std::move(*problem);
    else
      runner_ = std::get<std::unique_ptr<handler::Runner>>(std::move(created));
  }

  support::TempDir root_;
  int answer_fd_;
  std::string log_;
  std::string warnings_;
  std::optional<handler::InitProblem> problem_;
  std::unique_ptr<handler::Runner> runner_;
};

}  // namespace shell_test
