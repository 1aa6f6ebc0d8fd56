// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/http/http.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace event {

/// Reads the header block of a CGI program's output (RFC 3875, section 6), or the head of a whole HTTP
/// response (NPH, section 5), as the bytes come. Names are tokens and values have no control characters, so
/// nothing that a program prints can become a header of its own.
class CgiHeaderParser {
 public:
  struct NeedMore {};
  struct Malformed {
    std::string cause;  ///< "line 3: no colon"; never the text itself
  };
  /// The block is complete. What `take` was given beyond `consumed` bytes is the body.
  struct Complete {
    ResponseHead head;
    std::size_t consumed;
  };
  using Progress = std::variant<NeedMore, Complete, Malformed>;

  /// A block that is longer is malformed: no gateway takes as much.
  static constexpr std::size_t kLargestBlock = 64 * 1024;

  /// `untyped`: the Content-Type of a body whose program gives none; empty: then it has none, and the gateway
  /// decides (6.3.1).
  explicit CgiHeaderParser(std::string untyped = {}) : untyped_(std::move(untyped)) {}

  /// After Complete or Malformed nothing more may come.
  Progress take(std::string_view bytes);

  /// Why the output, at its end and without a body, is no answer.
  [[nodiscard]] Malformed end_of_output() const;

 private:
  using Fault = std::string;  ///< empty: none

  Fault take_line(std::string_view line);
  Fault take_status_line(std::string_view line);
  Fault take_field(std::string_view line);
  Fault take_cgi_field(const Header& field);
  Fault finish();
  [[nodiscard]] Malformed malformed(const std::string& fault) const;

  std::string untyped_;
  ResponseHead head_;
  std::string line_;  ///< begun and not yet ended
  std::size_t size_ = 0;
  std::size_t lines_ = 0;
  bool nph_ = false;
  bool has_status_ = false;
  bool has_location_ = false;
  bool has_type_ = false;
};

/// The same of a whole output: `consumed` is where the body starts.
std::variant<CgiHeaderParser::Complete, CgiHeaderParser::Malformed> parse_cgi_head(const base::Spool& output,
                                                                                   std::string untyped = {});

/// Of an answer that should be something else, or of its start: the end of the sentence that says so, with
/// the setting that a CGI program needs, where it is a CGI response; else empty.
std::string words_about_cgi(std::string_view answer);

}  // namespace event
