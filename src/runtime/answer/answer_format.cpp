// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/answer_format.h"

#include "api/wire/invocation.h"
#include "event/cgi/cgi_header_parser.h"
#include "event/http/envelope.h"
#include "event/json/json_check.h"

#include <algorithm>
#include <string>
#include <utility>

namespace runtime {
namespace {

using api::ErrorType;
using api::FunctionError;

FunctionError error(ErrorType::Known type, std::string message) {
  return {type, std::move(message), {}, std::nullopt};
}

FunctionError invalid(const std::string& handler, const std::string& fault) {
  return error(ErrorType::Known::invalid_response, "the answer of " + handler + " is not " + fault);
}

std::string start_of(const base::Spool& output) {
  std::string start(std::min(output.size(), event::CgiHeaderParser::kLargestBlock), '\0');
  const auto read = output.read_at(0, start);
  start.resize(read ? *read : 0);
  return start;
}

Answer wrapped(const base::Spool& output, const Settings& settings) {
  auto envelope =
      event::wrap_body(output, settings.body_type, settings.response_format == ResponseFormat::base64);
  if (!envelope) return error(ErrorType::Known::internal, envelope.error().message);
  return *std::move(envelope);
}

}  // namespace

Answer format_answer(const Settings& settings, const std::string& handler, base::Spool output) {
  switch (settings.response_format) {
    case ResponseFormat::json:
      if (const auto fault = event::json_fault(output))
        return invalid(handler, "JSON: " + *fault + event::words_about_cgi(start_of(output)));
      return output;
    case ResponseFormat::text:
      if (const auto fault = event::text_fault(output)) return invalid(handler, "text in UTF-8: " + *fault);
      return wrapped(output, settings);
    case ResponseFormat::base64:
      return wrapped(output, settings);
    case ResponseFormat::raw:
    case ResponseFormat::cgi:
    case ResponseFormat::result:
      break;
  }
  return output;
}

FunctionError too_large_as_sent(const std::string& handler, std::size_t size) {
  return error(ErrorType::Known::response_size_too_large,
               "the response of " + handler + " is too large: " + std::to_string(size) +
                   " bytes as it is sent, the limit is " + std::to_string(api::largest_response()));
}

}  // namespace runtime
