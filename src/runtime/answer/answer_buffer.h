// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "proc/run/byte_sink.h"

#include <cstddef>
#include <utility>

namespace runtime {

/// Collects a buffered answer, byte for byte, and refuses what goes beyond `limit` bytes.
class AnswerBuffer : public proc::ByteSink {
 public:
  explicit AnswerBuffer(std::size_t limit) : limit_(limit) {}

  bool take(std::string_view bytes) override;

  [[nodiscard]] const base::Spool& bytes() const { return bytes_; }
  base::Spool take_bytes() { return std::move(bytes_); }

  /// Bytes that the handler is known to have written, refused ones included.
  [[nodiscard]] std::size_t written() const { return written_; }

 private:
  const std::size_t limit_;
  std::size_t written_ = 0;
  base::Spool bytes_;
};

}  // namespace runtime
