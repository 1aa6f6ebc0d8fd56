// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "proc/child/child.h"
#include "support/temp_dir.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// AWS's own Runtime Interface Emulator with our bootstrap behind it: a second opinion on the protocol.
/// On demand it takes one call at a time: a second one in flight ends its process.
class OfficialEmulator {
 public:
  /// Whether there is one: $OFFICIAL_EMULATOR, else what scripts/install-official-emulator got. Where not,
  /// the test that runs is skipped with the reason, or fails where packages can be loaded and this one could
  /// not. For the first line of SetUp.
  static bool is_there();

  /// Starts it with `handler` (a name in `task_root`) and waits until it listens. Aborts where it does not.
  OfficialEmulator(const std::string& task_root, const std::string& handler,
                   const std::string& timeout = "10");
  /// The same as a managed instance with so many calls at a time. It runs /var/task/bootstrap as a user of
  /// its own: both are made in a mount namespace of the emulator, which needs root.
  OfficialEmulator(const std::string& task_root, const std::string& handler, const std::string& timeout,
                   int concurrency);
  ~OfficialEmulator();

  /// Whether that can be had here, too; where not, the test that runs is skipped with the reason.
  static bool can_be_managed();

  /// Calls the function and waits for the end: the body, whatever it says. Errors come as bodies, too. Of a
  /// managed instance any thread may call.
  [[nodiscard]] std::string invoke(std::string_view event) const;

  /// SIGTERM, and waits for the end; false: it did not come.
  bool terminate();

  /// What emulator and bootstrap have logged so far.
  [[nodiscard]] std::string log() const;

 private:
  void start_somewhere(base::Environment environment);
  bool start(const std::vector<std::string>& environment);

  TempDir folder_;
  std::string task_root_;
  std::vector<std::string> launcher_;  ///< comes before the emulator's own words
  int port_ = 0;
  std::unique_ptr<proc::Child> child_;
};

}  // namespace support
