// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/http_head.h"

#include "base/text/text.h"
#include "event/http/http.h"

#include <algorithm>
#include <set>

namespace emulator {
namespace {

void add_header(HttpRequest& request, std::string_view line) {
  const auto colon = line.find(':');
  if (colon != line.npos)
    request.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(base::trim(line.substr(colon + 1)))});
}

void add_request_line(HttpRequest& request, std::string_view line) {
  const auto words = base::split(line, ' ');
  if (words.size() != 3) return;
  request.method = words[0];
  request.target = words[1];
  request.version = words[2];
}

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Every value of the header, each once.
std::set<std::string> values_of(std::string_view name, const HttpRequest& request) {
  std::set<std::string> values;
  for (const auto& header : request.headers)
    if (base::equal_ignoring_case(header.name, name)) values.insert(base::ascii_lower(header.value));
  return values;
}

}  // namespace

HttpRequest parse_head(std::string_view head) {
  HttpRequest request;
  bool is_first = true;
  for (auto line : base::split(head, '\n')) {
    if (!line.ends_with('\r')) continue;
    line.remove_suffix(1);
    is_first ? add_request_line(request, line) : add_header(request, line);
    is_first = false;
  }
  return request;
}

/// CONNECT would make a tunnel of the connection.
std::optional<NotAdmitted> framing_fault(std::string_view head, const HttpRequest& parsed) {
  if (!head.ends_with("\n\r\n")) return NotAdmitted{431, "the head of the request is too long"};
  if (parsed.method == "CONNECT") return NotAdmitted{405, "CONNECT is not served"};
  const auto codings = values_of("Transfer-Encoding", parsed);
  if (!codings.empty() && codings != std::set<std::string>{"chunked"})
    return NotAdmitted{501, "the only Transfer-Encoding that is served is chunked"};
  const auto lengths = values_of("Content-Length", parsed);
  if (lengths.size() > 1 || (lengths.size() == 1 && !is_number(*lengths.begin())))
    return NotAdmitted{400, "the Content-Length of the request is no number, or there are several"};
  return std::nullopt;
}

bool has_body(int status) {
  return event::allows_body("GET", status);
}

}  // namespace emulator
