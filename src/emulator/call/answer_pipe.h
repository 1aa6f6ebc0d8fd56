// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/answer_listener.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace emulator {

/// A streamed answer on its way from the runtime's thread to the caller's, which may be slower: at most
/// kCapacity bytes wait here. Every member may be called from any thread.
class AnswerPipe : public AnswerListener {
 public:
  static constexpr std::size_t kCapacity = 256 * 1024;

  // ---- The runtime's side.
  void begin(const std::string& content_type) override;
  bool take(std::string_view bytes) override;
  void end() override;

  // ---- The caller's side.

  /// Blocks until the answer begins: its content type. nullopt: the call is over, and it did not stream.
  std::optional<std::string> wait_until_begun();

  /// Blocks until there is a piece; nullopt at the end. `peer_is_there`, asked every tenth of a second, ends
  /// the waiting as well.
  std::optional<std::string> next(const std::function<bool()>& peer_is_there);

  /// The caller has left. The rest is read and thrown away, as the service does, or, with `break_off`,
  /// refused.
  void leave(bool break_off);

 private:
  enum class Caller { there, gone, refusing };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> content_type_;
  std::deque<std::string> pieces_;
  std::size_t waiting_ = 0;  // bytes in pieces_
  bool ended_ = false;
  Caller caller_ = Caller::there;
};

}  // namespace emulator
