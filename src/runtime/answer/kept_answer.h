// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"
#include "base/io/memory_file.h"
#include "runtime/answer/answer.h"

#include <chrono>
#include <optional>
#include <string>

namespace runtime {

/// The one answer whose fate is unknown, because its POST ended without any HTTP status. Nobody can tell
/// whether it arrived until the next event comes: where that is the same event once more, the answer did not,
/// and is sent again instead of running the handler a second time. What a caller or the service retries is
/// another attempt and runs again: it has the request id, but not the deadline or the invocation id. And an
/// answer belongs to a payload: with another one it is another event, whatever its headers say. Holds one
/// answer and its event at most, from one event to the next. One per worker.
class KeptAnswer {
 public:
  /// The event is shared, not copied; where it cannot be, nothing is kept.
  void keep(const api::Invocation& invocation, Answer answer);

  /// The answer, if `invocation` is the very attempt that it belongs to. Whatever it says, nothing is kept
  /// any more.
  std::optional<Answer> take_for(const api::Invocation& invocation);

 private:
  struct Kept {
    std::string request_id;
    std::optional<std::string> invocation_id;
    std::optional<std::chrono::milliseconds> deadline;
    base::MemoryFile event;
    Answer answer;

    [[nodiscard]] bool is_for(const api::Invocation& invocation) const;
  };

  std::optional<Kept> kept_;
};

}  // namespace runtime
