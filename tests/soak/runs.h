// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "ledger.h"

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace soak {

/// What handlers say of their runs themselves, in a file that each of them appends lines to and the bootstrap
/// knows nothing of: "b ID PID" where a run begins, "e ID PID" where it ends well. An ID is that of an event,
/// "17", or of the record of one, "17-3". Whoever has answered has written before: it is there to be read.
class Runs {
 public:
  /// Makes the file.
  Runs(const std::string& file, Ledger& ledger);

  /// It is delivered, so that it may run: once, or once more.
  void expect(const std::string& id) { ++open_[id].expected; }

  /// Nobody may run it any more.
  void close(const std::string& id);

  /// The process of its run that has ended well, of two runs the last one; 0: none has.
  [[nodiscard]] pid_t done_by(const std::string& id) const;

  /// It has begun a run that is open, or may have taken an event whose run has not begun yet.
  [[nodiscard]] bool may_be_at_work(pid_t pid) const;

  /// Takes what has been written. Runs that must not be are noted in the ledger.
  void read();

 private:
  struct Run {
    std::size_t expected = 0;
    std::size_t begun = 0;
    pid_t begun_by = 0;  ///< the last one
    pid_t done = 0;      ///< 0: no run has ended well
  };
  void take(std::string_view line);
  void begin(Run& run, pid_t pid, std::string_view line);

  base::UniqueFd fd_;
  Ledger& ledger_;
  std::string unread_;
  std::map<std::string, Run> open_;
};

}  // namespace soak
