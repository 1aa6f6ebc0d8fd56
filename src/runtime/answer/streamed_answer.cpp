// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/streamed_answer.h"

#include <poll.h>

namespace runtime {

bool StreamedAnswer::ensure_open() {
  if (begun()) return stream_.has_value();
  auto opened = open_();
  if (!opened)
    failure_ = opened.error().message;
  else
    stream_.emplace(*std::move(opened));
  return stream_.has_value();
}

bool StreamedAnswer::take(std::string_view bytes) {
  written_ += bytes.size();
  if (!prelude_) return send_within_limit(bytes);
  const auto [prelude, body] = prelude_->take(bytes);
  return send_within_limit(prelude) && send_within_limit(body) && prelude_->fault().empty();
}

// What fits goes out: a caller shall see that the answer was cut at the limit, not before.
bool StreamedAnswer::send_within_limit(std::string_view bytes) {
  const auto fitting = bytes.substr(0, limit_ - sent_);
  sent_ += fitting.size();
  return send(fitting) && fitting.size() == bytes.size();
}

// An early answer, or the end of the connection, makes it readable.
proc::ByteSink::Wait StreamedAnswer::waits_for() const {
  if (!stream_) return {};
  return {stream_->fd(), static_cast<short>(POLLIN | (stream_->busy() ? POLLOUT : 0))};
}

api::Posted StreamedAnswer::finish(const api::FunctionError* error, base::Deadline limit) {
  if (!ensure_open()) return {0, failure_};
  return stream_->finish(error, limit);
}

}  // namespace runtime
