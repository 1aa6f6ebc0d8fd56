// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/answer_reader.h"

#include <utility>

namespace emulator {

AnswerReader::AnswerReader(std::shared_ptr<AnswerPipe> pipe, std::future<Place::Served> served,
                           std::function<bool()> peer_is_there, bool break_off)
    : pipe_(std::move(pipe)),
      served_(std::move(served)),
      peer_is_there_(std::move(peer_is_there)),
      break_off_(break_off) {}

std::optional<std::string> AnswerReader::read_until(std::string_view mark, std::size_t limit) {
  while (unread_.find(mark) == std::string::npos) {
    auto piece = unread_.size() < limit ? pipe_->next(peer_is_there_) : std::nullopt;
    if (!piece) return std::nullopt;
    unread_ += *piece;
  }
  const auto end = unread_.find(mark);
  auto before = unread_.substr(0, end);
  unread_.erase(0, end + mark.size());
  return before;
}

bool AnswerReader::read_all(const TakePiece& write) {
  if (!unread_.empty() && !write(std::exchange(unread_, {}))) return false;
  while (auto piece = pipe_->next(peer_is_there_))
    if (!write(*piece)) return false;
  return peer_is_there_();
}

}  // namespace emulator
