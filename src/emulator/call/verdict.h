// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/answer_listener.h"
#include "emulator/call/receipt.h"
#include "emulator/call/reply.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace emulator {

/// The body of a POST. `size` is the size as sent, `body` may hold less where it is over every limit.
struct RuntimePost {
  std::string body;
  std::size_t size = 0;
  std::string content_type;
  std::string error_type;     ///< header of error posts
  std::string response_mode;  ///< header of responses; empty: not sent
  bool complete = true;       ///< false: the connection broke before the end of the body
};

/// How a streamed response has ended.
struct StreamEnd {
  bool complete = true;    ///< false: the connection broke, or take() did not want the rest
  std::string error_type;  ///< trailers; empty: none
  std::string error_body;  ///< decoded
};

/// What a POST is worth: what the caller gets, and what the runtime is told. Pure.
struct Verdict {
  Reply reply;
  Receipt receipt;
};
Verdict judge_response(RuntimePost post);
Verdict judge_error(RuntimePost post);

/// A response that comes in pieces, until it can be judged. Not synchronised.
class StreamedResponse {
 public:
  StreamedResponse() = default;
  /// `listener`: who gets the pieces, outside of this; nobody: they are collected.
  StreamedResponse(std::shared_ptr<AnswerListener> listener, std::string content_type)
      : listener_(std::move(listener)), content_type_(std::move(content_type)) {}

  /// False: it is larger than any may be.
  bool take(std::string_view bytes);
  Verdict judge(StreamEnd end);

 private:
  [[nodiscard]] Verdict judge_broken() const;
  Verdict judge_collected();

  std::shared_ptr<AnswerListener> listener_;
  std::string content_type_;
  std::string collected_;
  std::size_t size_ = 0;
};

}  // namespace emulator
