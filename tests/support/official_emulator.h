// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child.h"
#include "support/temp_dir.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// AWS's own Runtime Interface Emulator with our bootstrap behind it: a second opinion on the protocol.
/// It takes one call at a time: a second one in flight ends its process.
class OfficialEmulator {
 public:
  /// $OFFICIAL_EMULATOR, else what scripts/install-official-emulator built; empty: neither.
  static std::string program();
  /// Why there is none, for GTEST_SKIP.
  static std::string why_missing();

  /// Starts it with `handler` (a name in `task_root`) and waits until it listens. Aborts where it does not.
  OfficialEmulator(const std::string& task_root, const std::string& handler,
                   const std::string& timeout = "10");
  ~OfficialEmulator();

  /// Calls the function and waits for the end: the body, whatever it says. Errors come as bodies, too.
  std::string invoke(std::string_view event);

  /// What emulator and bootstrap have logged so far.
  [[nodiscard]] std::string log() const;

 private:
  bool start(const std::vector<std::string>& environment);

  TempDir folder_;
  std::string task_root_;
  int port_ = 0;
  std::unique_ptr<proc::Child> child_;
};

}  // namespace support
