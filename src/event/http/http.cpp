// SPDX-License-Identifier: Apache-2.0
#include "event/http/http.h"

#include "base/text/text.h"

#include <algorithm>
#include <array>

namespace event {
namespace {

struct Named {
  int status;
  std::string_view reason;
};

constexpr std::array kReasons = {
    Named{200, "OK"},
    Named{201, "Created"},
    Named{202, "Accepted"},
    Named{204, "No Content"},
    Named{206, "Partial Content"},
    Named{301, "Moved Permanently"},
    Named{302, "Found"},
    Named{303, "See Other"},
    Named{304, "Not Modified"},
    Named{307, "Temporary Redirect"},
    Named{308, "Permanent Redirect"},
    Named{400, "Bad Request"},
    Named{401, "Unauthorized"},
    Named{403, "Forbidden"},
    Named{404, "Not Found"},
    Named{405, "Method Not Allowed"},
    Named{409, "Conflict"},
    Named{410, "Gone"},
    Named{411, "Length Required"},
    Named{413, "Content Too Large"},
    Named{415, "Unsupported Media Type"},
    Named{416, "Range Not Satisfiable"},
    Named{422, "Unprocessable Content"},
    Named{429, "Too Many Requests"},
    Named{500, "Internal Server Error"},
    Named{501, "Not Implemented"},
    Named{502, "Bad Gateway"},
    Named{503, "Service Unavailable"},
    Named{504, "Gateway Timeout"},
};

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return base::equal_ignoring_case(header.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kToken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
  return !text.empty() && text.find_first_not_of(kToken) == std::string_view::npos;
}

std::string_view reason_of(int status) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(),
                                  [&](const Named& named) { return named.status == status; });
  return found == kReasons.end() ? std::string_view() : found->reason;
}

bool allows_body(std::string_view method, int status) {
  return method != "HEAD" && status >= 200 && status != 204 && status != 205 && status != 304;
}

}  // namespace event
