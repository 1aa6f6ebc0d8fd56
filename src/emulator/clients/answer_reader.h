// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/answer_pipe.h"
#include "emulator/call/place.h"
#include "emulator/http/http_server.h"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace emulator {

/// The caller's end of one call: what streams while it runs, and what became of it. When the last copy of its
/// pointer goes, the caller has left.
class AnswerReader {
 public:
  /// `peer_is_there`: see AnswerPipe::next.
  AnswerReader(std::shared_ptr<AnswerPipe> pipe, std::future<Place::Served> served,
               std::function<bool()> peer_is_there, bool break_off);
  ~AnswerReader() { pipe_->leave(break_off_); }
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  /// As AnswerPipe::wait_until_begun.
  std::optional<std::string> wait_until_begun() { return pipe_->wait_until_begun(); }

  /// Everything before `mark`, which is taken away with it; nullopt: it does not come within `limit` bytes.
  std::optional<std::string> read_until(std::string_view mark, std::size_t limit);

  /// Gives everything that comes to `write`, until the end; false: `write` did, or the peer has left.
  bool read_all(const TakePiece& write);

  /// What became of the call. Blocks until it is over; once.
  Place::Served finish() { return served_.get(); }

 private:
  std::shared_ptr<AnswerPipe> pipe_;
  std::future<Place::Served> served_;
  std::function<bool()> peer_is_there_;
  bool break_off_;
  std::string unread_;
};

}  // namespace emulator
