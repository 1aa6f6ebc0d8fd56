// SPDX-License-Identifier: Apache-2.0
// The output of a CGI program: its header block, and the envelope that is made of it.
#include "event/cgi/cgi_header_parser.h"
#include "event/http/envelope.h"
#include "fuzz.h"

#include <algorithm>
#include <string>
#include <variant>

using event::CgiHeaderParser;
using fuzzing::require;

namespace {

constexpr event::HttpSource kSources[] = {event::HttpSource::rest_1_0, event::HttpSource::http_2_0,
                                          event::HttpSource::alb_single, event::HttpSource::alb_multi};

bool has_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F; });
}

/// Where the body starts, or npos; fed `size` bytes at a time.
std::size_t body_start(std::string_view output, std::size_t size) {
  CgiHeaderParser parser;
  for (std::size_t at = 0; at < output.size(); at += size) {
    const auto piece = output.substr(at, size);
    const auto progress = parser.take(piece);
    if (std::holds_alternative<CgiHeaderParser::Malformed>(progress)) return std::string_view::npos;
    const auto* complete = std::get_if<CgiHeaderParser::Complete>(&progress);
    if (complete == nullptr) continue;
    require(complete->consumed <= piece.size(), "no more is consumed than was given");
    return at + complete->consumed;
  }
  require(!parser.end_of_output().cause.empty(), "an end too early has a cause");
  return std::string_view::npos;
}

void check(const event::ResponseHead& head) {
  require(head.status >= 200 && head.status <= 599, "the status is a final one");
  require(!has_control(head.reason), "a reason is one line");
  for (const auto& header : head.headers) {
    require(!header.name.empty() && header.name.find_first_of(": \t\r\n") == std::string::npos,
            "names are tokens");
    require(!has_control(header.value), "values are one line");
  }
}

void check_envelopes(const event::ResponseHead& head, const base::Spool& output, std::size_t start) {
  for (const auto source : kSources) {
    const auto envelope = event::to_envelope(head, output, start, source);
    require(envelope.ok(), "there is an envelope for every response");
    const auto response = event::parse_envelope(*envelope->text(), source);
    require(response.ok() && response->head.status == head.status, "an envelope is understood");
    require(*response->body.text() == output.text()->substr(start), "the body is the same");
    const auto prelude = event::to_prelude(head, source);
    require(prelude.find('\0') == prelude.size() - event::kPreludeEnd.size(),
            "a prelude ends at its first NUL");
  }
}

}  // namespace

void fuzz(std::string_view input) {
  base::Spool output;
  require(output.append(input).ok(), "memory");
  const auto start = body_start(input, std::max<std::size_t>(input.size(), 1));
  require(body_start(input, 1) == start && body_start(input, 7) == start, "pieces make no difference");
  const auto parsed = event::parse_cgi_head(output);
  const auto* complete = std::get_if<CgiHeaderParser::Complete>(&parsed);
  require((complete == nullptr ? std::string_view::npos : complete->consumed) == start, "nor does the whole");
  if (complete == nullptr) return;
  check(complete->head);
  check_envelopes(complete->head, output, start);
}
