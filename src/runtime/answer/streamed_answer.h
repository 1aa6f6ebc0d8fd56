// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/response_stream.h"
#include "event/cgi/cgi_header_parser.h"
#include "event/http/http.h"
#include "proc/run/byte_sink.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace runtime {

/// Turns the output of a CGI program, while it comes, into a streamed HTTP answer: what the program says of
/// its status and headers becomes the prelude, and its body follows. An output that is no CGI response is a
/// 502 of our own.
class CgiPrelude {
 public:
  /// `untyped`: see CgiHeaderParser.
  CgiPrelude(event::HttpSource source, std::string method, std::string untyped)
      : source_(source), method_(std::move(method)), parser_(std::move(untyped)) {}

  /// What may be sent now that `bytes` came: a text for the start, empty but once, and then a part of
  /// `bytes`.
  struct Step {
    std::string prelude;
    std::string_view body;
  };
  Step take(std::string_view bytes);

  /// The output has ended: what is still to be sent.
  std::string end();

  /// Why the program's output is none; empty: nothing is wrong with it.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  Step complete(const event::CgiHeaderParser::Complete& parsed, std::string_view bytes);
  std::string refuse(std::string cause);

  const event::HttpSource source_;
  const std::string method_;
  event::CgiHeaderParser parser_;
  bool complete_ = false;
  bool has_body_ = true;
  std::string fault_;
};

/// A whole streamed answer of our own: prelude, and the status in words as its body.
std::string own_stream(int status, event::HttpSource source);

/// The answer of one invocation, sent while the child produces it: what the Runtime API does not take yet
/// keeps the child waiting. The POST begins with the first byte, and where there is none, at the end.
class StreamedAnswer : public proc::ByteSink {
 public:
  using Open = std::function<base::Result<api::ResponseStream>()>;

  /// `open` is called at most once. Beyond `limit` bytes, a prelude counted, it refuses. With `prelude` the
  /// output is that of a CGI program, and is refused where it is none.
  StreamedAnswer(Open open, std::size_t limit, std::optional<CgiPrelude> prelude = std::nullopt)
      : open_(std::move(open)), limit_(limit), prelude_(std::move(prelude)) {}

  bool take(std::string_view bytes) override;
  [[nodiscard]] bool busy() const override { return stream_ && stream_->busy(); }
  [[nodiscard]] Wait waits_for() const override;
  bool proceed() override { return stream_->proceed(); }

  /// The POST has begun, or could not be begun: an error can only go behind it.
  [[nodiscard]] bool begun() const { return stream_ || !failure_.empty(); }

  /// The Runtime API takes no more of it. finish() says why.
  [[nodiscard]] bool broken() const { return !failure_.empty() || (stream_ && stream_->broken()); }

  /// Bytes that the handler is known to have written, refused ones included.
  [[nodiscard]] std::size_t written() const { return written_; }

  /// Sends an answer of our own instead of a handler's.
  bool send(std::string_view bytes) { return bytes.empty() || (ensure_open() && stream_->write(bytes)); }

  /// The handler has succeeded: what is missing to a CGI response is made up for.
  bool end_output() { return !prelude_ || send(prelude_->end()); }

  /// Why the output is no CGI response, and a 502 was sent; empty: it is one, or none is asked for.
  [[nodiscard]] std::string fault() const { return prelude_ ? prelude_->fault() : std::string(); }

  /// As api::ResponseStream::finish. Once, after the run.
  api::Posted finish(const api::FunctionError* error, base::Deadline limit);

 private:
  bool ensure_open();
  bool send_within_limit(std::string_view bytes);

  const Open open_;
  const std::size_t limit_;
  std::optional<CgiPrelude> prelude_;
  std::size_t written_ = 0;
  std::size_t sent_ = 0;
  std::optional<api::ResponseStream> stream_;
  std::string failure_;  // of open
};

}  // namespace runtime
