// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/streamed_answer.h"

#include "event/http/envelope.h"

#include <poll.h>

#include <utility>

namespace runtime {
namespace {

using event::CgiHeaderParser;

constexpr int kBadGateway = 502;

}  // namespace

CgiPrelude::Step CgiPrelude::take(std::string_view bytes) {
  if (complete_) return {{}, has_body_ ? bytes : std::string_view()};
  const auto progress = parser_.take(bytes);
  if (const auto* malformed = std::get_if<CgiHeaderParser::Malformed>(&progress))
    return {refuse(malformed->cause), {}};
  if (const auto* parsed = std::get_if<CgiHeaderParser::Complete>(&progress)) return complete(*parsed, bytes);
  return {};
}

CgiPrelude::Step CgiPrelude::complete(const CgiHeaderParser::Complete& parsed, std::string_view bytes) {
  complete_ = true;
  has_body_ = event::allows_body(method_, parsed.head.status);
  return {event::to_prelude(parsed.head, source_),
          has_body_ ? bytes.substr(parsed.consumed) : std::string_view()};
}

std::string CgiPrelude::end() {
  return complete_ ? std::string() : refuse(parser_.end_of_output().cause);
}

std::string CgiPrelude::refuse(std::string cause) {
  complete_ = true;
  has_body_ = false;
  fault_ = std::move(cause);
  return own_stream(kBadGateway, source_);
}

std::string own_stream(int status, event::HttpSource source) {
  const event::ResponseHead head{status, {}, {{"Content-Type", "text/plain; charset=utf-8"}}};
  return event::to_prelude(head, source) + std::to_string(status) + " " +
         std::string(event::reason_of(status)) + "\n";
}

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
