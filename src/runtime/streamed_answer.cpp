// SPDX-License-Identifier: Apache-2.0
#include "runtime/streamed_answer.h"

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

// What fits goes out: a caller shall see that the answer was cut at the limit, not before.
bool StreamedAnswer::take(std::string_view bytes) {
  const std::size_t room = limit_ - std::min(limit_, written_);
  written_ += bytes.size();
  bytes = bytes.substr(0, room);
  if (!prelude_) return send(bytes) && written_ <= limit_;
  const auto [prelude, body] = prelude_->take(bytes);
  return send(prelude) && send(body) && prelude_->fault().empty() && written_ <= limit_;
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
