// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace emulator {

/// The function as one would configure it on the service.
struct Function {
  std::string name = "function";
  std::string version = "$LATEST";
  std::string account = "123456789012";
  std::string region = "us-east-1";
  std::string handler;                ///< becomes _HANDLER
  std::string task_root;              ///< absolute; also the working directory of the bootstrap
  std::string bootstrap;              ///< path of the runtime's program
  std::vector<std::string> launcher;  ///< a program and words that come before that path; empty: nothing does
  int memory_mib = 128;               ///< told to the function and shown in REPORT, not enforced
  std::chrono::milliseconds timeout{3000};
  int concurrency = 0;  ///< calls at a time in one environment of a managed instance; 0: on demand
  std::vector<std::pair<std::string, std::string>> environment;  ///< the user's own variables

  [[nodiscard]] bool is_managed() const { return concurrency > 0; }
  [[nodiscard]] std::string arn() const {
    return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
  }
};

}  // namespace emulator
