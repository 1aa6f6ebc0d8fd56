// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/answer_pipe.h"

#include <utility>

namespace emulator {
namespace {

constexpr auto kLookInterval = std::chrono::milliseconds(100);

}  // namespace

void AnswerPipe::begin(const std::string& content_type) {
  const std::lock_guard lock(mutex_);
  content_type_ = content_type;
  changed_.notify_all();
}

bool AnswerPipe::take(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || caller_ != Caller::there || waiting_ < kCapacity; });
  if (caller_ == Caller::gone && !ended_) return true;
  if (caller_ != Caller::there || ended_) return false;
  pieces_.emplace_back(bytes);
  waiting_ += bytes.size();
  changed_.notify_all();
  return true;
}

void AnswerPipe::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

std::optional<std::string> AnswerPipe::wait_until_begun() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || content_type_; });
  return content_type_;
}

std::optional<std::string> AnswerPipe::next(const std::function<bool()>& peer_is_there) {
  std::unique_lock lock(mutex_);
  const auto decided = [&] { return ended_ || !pieces_.empty(); };
  while (!changed_.wait_for(lock, kLookInterval, decided))
    if (!peer_is_there()) return std::nullopt;
  if (pieces_.empty()) return std::nullopt;
  auto piece = std::move(pieces_.front());
  pieces_.pop_front();
  waiting_ -= piece.size();
  changed_.notify_all();
  return piece;
}

void AnswerPipe::leave(bool break_off) {
  const std::lock_guard lock(mutex_);
  caller_ = break_off ? Caller::refusing : Caller::gone;
  pieces_.clear();
  waiting_ = 0;
  changed_.notify_all();
}

}  // namespace emulator
