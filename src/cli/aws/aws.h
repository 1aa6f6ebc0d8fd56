// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/io/unique_fd.h"
#include "base/result.h"
#include "cli/aws/aws_answer.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// The oldest AWS CLI that will do: of version 1, and of version 2.
inline constexpr auto kOldestAws = "1.29 or 2.13";

/// The user's own AWS CLI, called as a person would call it: it finds credentials, profiles and endpoints by
/// itself. Nothing secret is ever an argument, and nothing here reads credentials. There is no shell between
/// the words and the program. Each call blocks until the program has ended; how long a call may take is its
/// own affair. On one thread.
class Aws {
 public:
  /// Looks for `aws` on PATH of `own`. A readable `stop_fd` ends each call with an error. An empty region:
  /// the CLI's own.
  static base::Result<Aws> find(const base::Environment& own, std::string region, int stop_fd);

  /// An error where the CLI is too old, or does not start.
  base::Status check_version();

  /// Values that must not be in what it says, from now on.
  void hide(Hidden hidden) { hidden_ = std::move(hidden); }

  /// `aws WORDS...`, with the region and JSON as output. Its standard output, or why it failed.
  AwsAnswer call(const std::vector<std::string>& words);
  /// The same with one try, however it fails: for what may not happen twice.
  AwsAnswer call_once(const std::vector<std::string>& words);

  /// The words of call() as a line to be shown.
  [[nodiscard]] std::string shown(const std::vector<std::string>& words) const;

  /// Blocks so long; false: the stop came first.
  [[nodiscard]] bool pause(std::chrono::milliseconds time) const;
  [[nodiscard]] bool is_stopped() const { return base::is_readable(stop_fd_); }

 private:
  Aws(std::string program, base::Environment environment, std::string region, int stop_fd);

  struct Printed {
    std::optional<int> status;  ///< nullopt: no exit
    std::string out;
    std::string err;
  };
  Printed run(const std::vector<std::string>& words, const base::Environment& environment);
  [[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words) const;
  AwsAnswer answer(const Printed& printed) const;

  std::string program_;
  base::Environment environment_;
  std::string region_;
  int stop_fd_;
  Hidden hidden_;
};

}  // namespace cli
