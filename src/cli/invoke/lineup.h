// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/environment/sandbox.h"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace cli {

/// A call that is over.
struct Finished {
  emulator::Sandbox::Outcome outcome;
  std::string request_id;
};

/// Hands out the numbers of calls to threads that serve them, and passes on what they bring back in the order
/// of the numbers. Any thread may call.
class Lineup {
 public:
  /// `pass_on` is called for one at a time, on the thread of whoever brought it or an earlier one; false: the
  /// others are of no use. `most_open`: so many have been taken and not passed on, at most.
  Lineup(std::size_t count, std::size_t most_open, std::function<bool(Finished)> pass_on);

  /// The next number; nullopt: there is none. Blocks while too many are open.
  std::optional<std::size_t> take();
  /// Blocks while answers are passed on.
  void bring(std::size_t number, Finished finished);

 private:
  const std::size_t count_;
  const std::size_t most_open_;
  const std::function<bool(Finished)> pass_on_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t taken_ = 0;
  std::size_t passed_on_ = 0;
  bool given_up_ = false;
  std::map<std::size_t, Finished> early_;
};

}  // namespace cli
