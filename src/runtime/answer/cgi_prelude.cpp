// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/cgi_prelude.h"

#include "event/http/envelope.h"

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

}  // namespace runtime
