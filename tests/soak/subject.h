// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/child.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace soak {

/// What a process holds.
struct Holdings {
  std::optional<std::size_t> descriptors;  ///< nullopt: this user may not look
  std::size_t resident_kib = 0;
  std::size_t anonymous_kib = 0;  ///< of it: heap and stacks; the rest is the program's file
  std::size_t processes = 0;      ///< below it
};

/// The bootstrap that is soaked.
class Subject {
 public:
  struct Options {
    std::string program;
    std::string task_root;
    std::string handler;
    std::string address;  ///< of the Runtime API
    std::size_t workers = 1;
    std::vector<std::string> environment;  ///< beyond what it gets anyway, each NAME=value
    std::string log;                       ///< file for everything it says, appended to
  };
  /// Ends the program where the bootstrap does not start.
  explicit Subject(const Options& options);

  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  [[nodiscard]] int pidfd() const { return child_.pidfd(); }
  [[nodiscard]] Holdings holdings() const;

  /// One line for each process below it.
  [[nodiscard]] std::string processes() const;

  /// SIGTERM; the exit status, and how many processes are left of it after a while. Kills those.
  struct End {
    std::string state;
    bool is_clean = false;
    std::size_t left = 0;
  };
  End end();

 private:
  proc::Child child_;
};

}  // namespace soak
