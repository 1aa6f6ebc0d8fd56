// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/response_stream.h"
#include "proc/byte_sink.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace runtime {

/// The answer of one invocation, sent while the child produces it: what the Runtime API does not take yet
/// keeps the child waiting. The POST begins with the first byte, and where there is none, at the end.
class StreamedAnswer : public proc::ByteSink {
 public:
  using Open = std::function<base::Result<api::ResponseStream>()>;

  /// `open` is called at most once. Beyond `limit` bytes it refuses.
  StreamedAnswer(Open open, std::size_t limit) : open_(std::move(open)), limit_(limit) {}

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

  /// As api::ResponseStream::finish. Once, after the run.
  api::Posted finish(const api::FunctionError* error, base::Deadline limit);

 private:
  bool ensure_open();

  const Open open_;
  const std::size_t limit_;
  std::size_t written_ = 0;
  std::optional<api::ResponseStream> stream_;
  std::string failure_;  // of open
};

}  // namespace runtime
