// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "proc/child/child.h"
#include "support/fake_runtime_api.h"
#include "support/temp_dir.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace support {

/// For promises that hold for each worker alone: its connection, its next event, its file sourced once. Takes
/// the variable away, which by its presence means a managed instance.
inline const std::map<std::string, std::string> kOneWorker{{"AWS_LAMBDA_MAX_CONCURRENCY", ""}};

/// What a test sets before the bootstrap starts.
struct BootstrapOptions {
  std::string handler;                             ///< _HANDLER; empty: not set
  std::vector<std::string> arguments;              ///< of bootstrap itself
  std::map<std::string, std::string> environment;  ///< beside what Lambda sets
  std::vector<std::string> through{};              ///< a command, found on PATH, that starts it by exec
  int log_fd = -1;                                 ///< for its output, instead of what log() shows; borrowed
};

/// The real bootstrap against a scripted Runtime API, started as Lambda would, in a task root of its own.
/// Ended with everything below it when the test ends.
class BootstrapProcess {
 public:
  BootstrapProcess();

  void start(const BootstrapOptions& options);

  /// Pushes the event and waits for the POST that answers it.
  RecordedRequest invoke(const Event& event);
  RecordedRequest invoke(const std::string& body = "{}") {
    return invoke(Event{.id = next_id(), .body = body});
  }

  /// The next POST, whatever it answers; fails the test when none comes.
  RecordedRequest wait_for_post();

  /// Waits until every worker asks for an event: all that comes after an answer is done, its log written.
  void wait_until_idle();

  /// Waits until the process has ended by itself; the test fails (and SIGKILL is returned) when it does not.
  proc::ExitState wait_for_end();

  /// Waits until the text is in its log: much of what belongs to a call is written after its answer.
  [[nodiscard]] testing::AssertionResult logs(const std::string& text) const;

  /// Everything that it wrote to its log so far.
  [[nodiscard]] std::string log() const;

  [[nodiscard]] pid_t pid() const { return child_->pid(); }
  [[nodiscard]] bool is_running() const { return !child_->wait_until(base::Deadline::after({})); }
  void signal(int number) const;

  TempDir task_root;
  FakeRuntimeApi api;

 private:
  std::string next_id() { return "request-" + std::to_string(++ids_); }

  base::MemoryFile log_;
  std::optional<proc::Child> child_;
  std::size_t workers_ = 1;
  std::size_t posts_seen_ = 0;
  int ids_ = 0;
};

}  // namespace support
