// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/cgi/cgi_header_parser.h"
#include "event/http/http.h"

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

}  // namespace runtime
