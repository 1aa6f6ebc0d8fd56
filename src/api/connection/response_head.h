// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// The status line and the headers of an answer, kept byte for byte, and what of them an HTTP library may
/// see: the library we use percent-decodes header values and refuses an answer for one strange byte, while
/// the values go to handlers as they came. Pure.
///
/// Interim answers (1xx) before it are skipped, whatever their number is: RFC 9110, 15.2, lets a client
/// ignore those that it did not expect. That includes "101 Switching Protocols", which nobody here asks for:
/// what follows has to be HTTP.
class ResponseHead {
 public:
  /// Each header may become a variable; the service sends about ten.
  static constexpr std::size_t kMostHeaders = 1024;
  /// Of one header. 1 MiB is legal on this wire: the client context and the trace of some callers.
  static constexpr std::size_t kLongestLine = std::size_t{1088} * 1024;
  /// Of all bytes; one header is big, the rest is not.
  static constexpr std::size_t kLargestHead = std::size_t{4} * 1024 * 1024;
  /// Interim answers, and their bytes, before the answer. One that says "still at work" comes every 10 s or
  /// so from where there are any.
  static constexpr std::size_t kMostInterims = 1000;
  static constexpr std::size_t kLargestInterims = std::size_t{64} * 1024;

  void clear();

  /// The next byte of the connection. False: give up, fault() says why.
  bool take(char byte);

  /// At least one byte that is no interim answer's, or may be none of it, has come.
  [[nodiscard]] bool begun() const { return !bytes_.empty(); }

  /// The empty line has come; bytes that follow are the body and must not be taken.
  [[nodiscard]] bool complete() const { return complete_; }

  /// Of the answer, never of an interim one, as soon as its digits have come; 0 before.
  [[nodiscard]] int status() const;

  /// Only when complete.
  [[nodiscard]] std::vector<ContextHeader> headers() const;

  /// Why take() gave up: a sentence about "it"; empty where it did not.
  [[nodiscard]] std::string_view fault() const { return fault_; }

  /// Only when complete: up to `size` more bytes for the library, with "?" in place of those that it would
  /// refuse the whole answer for; 0 when it has seen everything.
  std::size_t show(char* buffer, std::size_t size);

 private:
  bool end_status_line();
  bool end_header();
  bool end_head();
  bool give_up(std::string_view fault);

  std::string bytes_;  // of the head that comes now
  std::size_t line_start_ = 0;
  std::size_t headers_ = 0;
  bool interim_ = false;  // what its status line says
  bool complete_ = false;
  std::size_t interims_ = 0;
  std::size_t interim_bytes_ = 0;
  std::size_t shown_ = 0;
  std::string_view fault_;
};

}  // namespace api
