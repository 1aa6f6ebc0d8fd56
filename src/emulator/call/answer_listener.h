// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace emulator {

/// Who gets the streamed answer of one call while it comes. Begin and take are called on one thread at a
/// time, end on any.
class AnswerListener {
 public:
  virtual ~AnswerListener() = default;

  /// The answer is a streamed one. Not called for others, and for errors before the first byte.
  virtual void begin(const std::string& content_type) = 0;

  /// May block, which keeps the runtime, and so the handler, waiting. False: nobody wants the rest, and the
  /// runtime is told so by a broken connection.
  virtual bool take(std::string_view bytes) = 0;

  /// The call is over: a take() that blocks returns. Called once or more. Does not block.
  virtual void end() = 0;
};

}  // namespace emulator
