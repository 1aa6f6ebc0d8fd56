// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/api_trace.h"

#include <string>

namespace emulator {
namespace {

std::string lines_of(const std::vector<HttpHeader>& headers, std::string_view arrow) {
  std::string lines;
  for (const auto& header : headers)
    lines.append("api ")
        .append(arrow)
        .append("   ")
        .append(header.name)
        .append(": ")
        .append(header.value)
        .append("\n");
  return lines;
}

std::string size_text(std::size_t bytes) {
  return ", " + std::to_string(bytes) + (bytes == 1 ? " byte\n" : " bytes\n");
}

std::string told(const HttpRequest& request) {
  const auto size = request.read_pieces ? std::string(", streamed\n") : size_text(request.body_size);
  return "api > " + request.method + " " + request.target + size + lines_of(request.headers, ">");
}

std::string told(const HttpRequest& request, const HttpResponse& response) {
  return "api < " + std::to_string(response.status) + " to " + request.method + " " + request.path +
         size_text(response.body.size()) + lines_of(response.headers, "<") +
         lines_of({{"Content-Type", response.content_type}}, "<");
}

}  // namespace

HttpHandler traced(HttpHandler inner, base::Logger& logger) {
  return [inner = std::move(inner), &logger](const HttpRequest& request) {
    logger.pass_on(told(request));
    auto response = inner(request);
    logger.pass_on(told(request, response));
    return response;
  };
}

}  // namespace emulator
