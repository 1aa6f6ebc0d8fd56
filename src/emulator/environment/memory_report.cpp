// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/memory_report.h"

#include "api/wire/wire.h"

#include <charconv>
#include <string>
#include <utility>

namespace emulator {
namespace {

std::size_t number_in(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

HttpHandler with_memory_reports(HttpHandler inner, std::function<void(std::size_t kib)> told) {
  return [inner = std::move(inner), told = std::move(told)](const HttpRequest& request) {
    if (const auto kib = number_in(request.header(api::wire::kPeakMemory)); kib > 0) told(kib);
    auto response = inner(request);
    if (request.path == api::wire::kNextPath && response.status == 200)
      response.headers.push_back({std::string(api::wire::kWantsMemory), "yes"});
    return response;
  };
}

}  // namespace emulator
