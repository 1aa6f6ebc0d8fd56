// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "base/result.h"
#include "cli/cases/secrets.h"
#include "cli/cases/test_comparison.h"

#include <cstddef>
#include <mutex>
#include <string>

namespace cli {

struct Redacted;

/// Writes calls as cases of `shellstrap test`, one folder each, named by a number and the path of the request
/// (0001-api-items, 0002-invoke): a folder is there whole or not at all, for its owner only (0700, files
/// 0600). What cannot be written is said once. Any thread may call.
class Recorder {
 public:
  /// `directory` is made by the first call that is recorded; numbers go on behind those that are in it.
  /// `logger` is borrowed.
  Recorder(std::string directory, Secrets secrets, base::Logger& logger);

  /// Blocks as long as the disk does.
  void record(const std::string& event, const TestAnswer& answer);
  /// A call that cannot be kept: the reason is said, once.
  void leave_out(const std::string& why);

 private:
  base::Status write(const std::string& event, const TestAnswer& answer);
  base::Status give_name(const std::string& draft, const std::string& slug);

  const std::string directory_;
  const Secrets secrets_;
  base::Logger& logger_;
  std::mutex mutex_;        // of what follows
  std::size_t number_ = 0;  // the last one given; 0: not looked for yet
  bool said_ = false;
};

}  // namespace cli
