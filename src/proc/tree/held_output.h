// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "proc/tree/file_identity.h"

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

namespace proc {

/// How long a process that was forked just now may take to send its output elsewhere. It does so at once, but
/// it may have to wait for a processor: then so have our looks, so that fifty of them count as well. Ten
/// times as long at most, and no longer at all once `stop_fd` is readable (borrowed; -1: it never is): an
/// environment that ends has no time to find out.
class HolderPatience {
 public:
  explicit HolderPatience(int stop_fd, std::chrono::milliseconds time = std::chrono::milliseconds(300))
      : stop_fd_(stop_fd), enough_(base::Deadline::after(time)), longest_(base::Deadline::after(10 * time)) {}

  /// Asked once a look.
  [[nodiscard]] bool passed() {
    return longest_.passed() || (++looks_ > kEnoughLooks && enough_.passed()) || base::is_readable(stop_fd_);
  }

 private:
  static constexpr int kEnoughLooks = 50;

  int stop_fd_;
  base::Deadline enough_;
  base::Deadline longest_;
  int looks_ = 0;
};

/// At so many processes is looked when they are ended, whether they have an output open: what forks without
/// end is not looked at for ever.
constexpr int kMostHolderLooks = 64;

/// The process, or one below it, has the file or pipe open and means to keep it: it sleeps, as who is on its
/// way elsewhere does not. Blocks until that is known, or `patience` has passed: then it does not.
bool keeps_open(pid_t process, FileIdentity file, HolderPatience& patience);

/// Of an output that somebody counts on all of, from before its run starts: what sweeps find out, of whatever
/// thread. See Family::watch.
struct WatchedOutput {
  FileIdentity file;
  std::atomic<bool> was_kept = false;  ///< by one that was ended
};

/// What a run that ended by itself leaves of that output, where others may have it open.
struct HeldOutput {
  base::UniqueFd pipe{};                   ///< its end for reading; or else
  std::optional<base::MemoryFile> file{};  ///< of the size at which it was taken
  std::shared_ptr<const WatchedOutput> watched{};

  [[nodiscard]] bool can_be_open() const { return pipe.valid() || file; }
};

/// Whether something was written to it meanwhile, or one below us keeps it open, or did so until somebody
/// ended it. Blocks until that is so, or nobody has it open, or `patience` has passed: who does neither by
/// then is given the benefit of the doubt.
bool is_still_held(HeldOutput& output, HolderPatience patience);

}  // namespace proc
