// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include "base/text/text.h"

#include <charconv>

namespace soak::wire {
namespace {

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void take_header(Request& request, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = line.substr(0, colon);
  const auto value = base::trim(line.substr(colon + 1));
  if (base::equal_ignoring_case(name, "Content-Length")) request.length = number_in(value);
  if (base::equal_ignoring_case(name, "Lambda-Runtime-Function-Error-Type")) request.error_type = value;
}

// Of a handler, or of its shell, that SIGKILL ended.
bool is_kill(std::string_view error_type) {
  return error_type == "Function.SignalKILL" || error_type == "Function.Exit137" ||
         error_type == "Runtime.InternalError";
}

}  // namespace

// "POST /2018-06-01/runtime/invocation/17/response HTTP/1.1"
Request parse(std::string_view head) {
  Request request;
  const auto lines = base::split(head, '\n');
  const auto words = base::split(lines[0], ' ');
  const auto parts = base::split(words.size() > 1 ? words[1] : "", '/');
  request.is_next = words[0] == "GET";
  if (!request.is_next && parts.size() > 5) {
    request.number = number_in(parts[4]);
    request.is_error = parts[5] == "error";
  }
  for (const auto line : lines) take_header(request, line);
  return request;
}

std::string event(std::size_t number, long long deadline, std::string_view body) {
  std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: " +
      std::to_string(number) + "\r\nLambda-Runtime-Deadline-Ms: " + std::to_string(deadline) +
      "\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:soak" +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

std::string status(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " Soak\r\nContent-Length: 0\r\n\r\n";
}

bool answers(Action action, std::string_view event, const Request& request, std::string_view body) {
  switch (action) {
    case Action::fail:
      return request.error_type == "Function.Exit3";
    case Action::kill_itself:
      return is_kill(request.error_type);
    case Action::outlive_deadline:
      return request.error_type == "Function.Timeout";
    case Action::ignore_event:
      return !request.is_error && body.empty();
    default:
      return !request.is_error && body.starts_with(event) && body.size() > event.size();
  }
}

}  // namespace soak::wire
