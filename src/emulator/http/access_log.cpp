// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/access_log.h"

#include "base/text/text.h"

#include <algorithm>
#include <string>
#include <utility>

namespace emulator {
namespace {

constexpr std::size_t kLongestPath = 1024;

// In ASCII; of a character in UTF-8 each byte is 128 or more.
bool is_control(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte == 0x7f;
}

// What a client chose stays on one line.
std::string shown(std::string_view text) {
  std::string line(base::head_of(text, kLongestPath));
  std::ranges::replace_if(line, is_control, '?');
  return line;
}

std::string request_id_of(const HttpResponse& response) {
  for (const auto& header : response.headers)
    if (base::equal_ignoring_case(header.name, "x-amzn-RequestId")) return header.value;
  return "";
}

}  // namespace

HttpHandler with_access_log(HttpHandler inner, base::Logger& logger) {
  return [inner = std::move(inner), &logger](const HttpRequest& request) {
    auto response = inner(request);
    const auto id = request_id_of(response);
    logger.line(base::LogLevel::info,
                (id.empty() ? "" : "RequestId: " + id + " ") + shown(request.method) + " " +
                    shown(std::string_view(request.target).substr(0, request.target.find('?'))) + " " +
                    std::to_string(response.status),
                id);
    return response;
  };
}

}  // namespace emulator
