// SPDX-License-Identifier: Apache-2.0
#include "shells.h"

#include "base/io/unique_fd.h"
#include "handler/program/inspect.h"
#include "handler/shell/shell_runner.h"
#include "support/process_target.h"
#include "support/process_tools.h"

#include <poll.h>
#include <sys/timerfd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace oracle {
namespace {

constexpr std::chrono::seconds kLimit{30};
constexpr const char* kReached = "the call is reached";

// Of both sides.
base::Environment environment() {
  base::Environment environment;
  environment.set("PATH", std::getenv("PATH"));
  environment.set("HOME", "/tmp");
  environment.set("LANG", "C.UTF-8");
  return environment;
}

// The one that warm shells are.
const std::string& bash() {
  static const auto found = handler::find_on_path("bash", environment().get_or("PATH", ""), "/");
  static const std::string path = found.value_or("/bin/bash");
  return path;
}

// What a call gets from the runtime, which bodies do not look at.
api::Invocation invocation_of(const std::string& event) {
  return {"request-1", std::nullopt, std::nullopt, "", "", "", {}, support::input_with(event)};
}

Outcome outcome_of(const proc::RunResult& result) {
  Outcome outcome;
  const auto* exited = std::get_if<proc::Exited>(&result.ending);
  const auto* lost = std::get_if<proc::Lost>(&result.ending);
  if (exited != nullptr)
    outcome.status = exited->state.status().value_or(128 + exited->state.signal().value_or(0));
  else
    outcome.trouble = lost != nullptr ? "lost: " + lost->reason : kEndless;
  return outcome;
}

// Command and arguments of the oracle.
std::vector<std::string> words(const std::string& at, const std::string& event, const PlainBash& how) {
  auto text =
      R"(f=$1 e=$2; set --; source "$f" >&3 2>&3; )" + std::string(how.before_call) + R"(handler "$e")";
  // What the shell around it says about a signal is not the call's.
  if (how.in_a_subshell) text = "exec 9>&2 2>/dev/null; (" + text + ") 2>&9 9>&-; exit";
  std::vector<std::string> all{"bash", "-c", text, "bash", at, event};
  if (how.until == Until::end) return all;
  // The pipes to `cat` end with the last one who holds them. What this shell itself says about signals is
  // nobody's.
  static const std::vector<std::string> follow{"bash", "-c",
                                               R"(exec 5>&2 2>/dev/null
{ "$@" 2>&1 1>&4 4>&- 5>&- | cat >&5; exit "${PIPESTATUS[0]}"; } 4>&1 | cat
exit "${PIPESTATUS[0]}")",
                                               "bash"};
  all.insert(all.begin(), follow.begin(), follow.end());
  return all;
}

class Log : public proc::ByteSink {
 public:
  explicit Log(std::string& text) : text_(text) {}
  bool take(std::string_view bytes) override {
    text_.append(bytes);
    return true;
  }

 private:
  std::string& text_;
};

// Readable when the limit has passed.
base::UniqueFd alarm() {
  base::UniqueFd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  const itimerspec limit{{}, {kLimit.count(), 0}};
  ::timerfd_settime(timer.get(), 0, &limit, nullptr);
  return timer;
}

bool has_passed(const base::UniqueFd& timer) {
  pollfd descriptor{timer.get(), POLLIN, 0};
  return ::poll(&descriptor, 1, 0) == 1;
}

class WarmShell {
 public:
  explicit WarmShell(const std::string& at) {
    const auto limit = alarm();
    handler::ShellSetup setup{{at, "handler"}, environment(), std::filesystem::path(at).parent_path(), 1, {}};
    setup.stop_fd = limit.get();
    auto created = handler::ShellRunner::create(
        std::move(setup), std::make_unique<Log>(log_),
        [this](std::string_view sentence, std::string_view) { warnings_.append(sentence).append("\n"); });
    if (const auto* problem = std::get_if<handler::InitProblem>(&created))
      trouble_ = has_passed(limit) ? kSourcing : kInit + problem->message;
    else
      runner_ = std::get<std::unique_ptr<handler::Runner>>(std::move(created));
  }

  Outcome call(const std::string& event) {
    const auto before = log_;
    if (!runner_) return {0, {}, {}, before, trouble_};
    const auto invocation = invocation_of(event);
    support::StringSink out;
    support::StringSink err;
    const std::vector<proc::Output> outputs{{1, &out}, {2, &err}};
    const auto limit = base::Deadline::after(kLimit);
    auto outcome = outcome_of(runner_->run({invocation, limit, limit, -1, outputs}));
    runner_->settle();
    outcome.out = std::move(out.text);
    outcome.err = std::move(err.text);
    outcome.log = before;
    calibrate(outcome);
    if (warnings_.find("is replaced") != std::string::npos) outcome.trouble += "the shell had to be replaced";
    return outcome;
  }

 private:
  std::string log_;
  std::string warnings_;
  std::string trouble_;
  std::unique_ptr<handler::Runner> runner_;
};

}  // namespace

Outcome in_plain_bash(const Case& body, const std::string& at, const PlainBash& how) {
  auto all = words(at, body.event, how);
  const auto input = support::input_with(body.event);
  support::StringSink out;
  support::StringSink err;
  support::StringSink log;
  proc::RunOptions options;
  options.stdin_fd = input.fd();
  options.outputs = {{1, &out}, {2, &err}, {3, &log}};
  options.kill_at = base::Deadline::after(kLimit);
  const auto result = proc::run(
      {bash(), std::move(all), environment().strings(), std::filesystem::path(at).parent_path()}, options);
  auto outcome = outcome_of(result);
  outcome.out = std::move(out.text);
  outcome.err = std::move(err.text);
  outcome.log = std::move(log.text);
  calibrate(outcome);
  return outcome;
}

bool plain_bash_calls(const Case& body, const std::string& at) {
  const auto mark = std::string("builtin printf '") + kReached + "'; builtin exit; ";
  return in_plain_bash(body, at, {mark}).out.find(kReached) != std::string::npos;
}

std::vector<Outcome> in_warm_shell(const Case& body, const std::string& at, int calls) {
  WarmShell shell(at);
  std::vector<Outcome> outcomes;
  for (int call = 0; call < calls; ++call) outcomes.push_back(shell.call(body.event));
  return outcomes;
}

}  // namespace oracle
