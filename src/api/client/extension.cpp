// SPDX-License-Identifier: Apache-2.0
#include "api/client/extension.h"

#include "api/connection/single_request.h"
#include "api/wire/refusal.h"
#include "api/wire/wire.h"
#include "base/text/text.h"

#include <string_view>
#include <utility>

namespace api {
namespace {

constexpr std::chrono::seconds kRegisterLimit{2};
constexpr std::string_view kName = "shellstrap";
constexpr std::string_view kNoEvents = R"({"events":[]})";

base::Error error_of(const SingleAnswer& answer) {
  if (answer.head.status == 0) return {answer.head.failure, 0};
  return {refusal_in_words(answer.head.status, answer.body), answer.head.status};
}

std::string header_of(const HttpAnswer& answer, std::string_view name) {
  for (const auto& header : answer.headers)
    if (base::equal_ignoring_case(header.name, name)) return header.value;
  return "";
}

}  // namespace

base::Result<std::string> register_extension(const Endpoint& endpoint, int stop_fd) {
  HttpRequest request;
  request.method = "POST";
  request.path = wire::kExtensionRegisterPath;
  request.headers = {{std::string(wire::kExtensionName), std::string(kName)},
                     {"Content-Type", "application/json"}};
  request.length = kNoEvents.size();
  request.body = [](std::size_t offset, std::span<char> buffer) -> base::Result<std::size_t> {
    return kNoEvents.copy(buffer.data(), buffer.size(), offset);
  };
  request.limit = base::Deadline::after(kRegisterLimit);
  request.hurry = {stop_fd, std::chrono::milliseconds(0)};
  const auto answer = exchange_once(endpoint, std::move(request));
  if (answer.head.status != 200) return error_of(answer);
  auto identifier = header_of(answer.head, wire::kExtensionIdentifier);
  if (identifier.empty()) return base::Error{"the answer has no identifier", 200};
  return identifier;
}

base::Status await_extension_event(const Endpoint& endpoint, const std::string& identifier, int stop_fd) {
  HttpRequest request;
  request.method = "GET";
  request.path = wire::kExtensionNextPath;
  request.headers = {{std::string(wire::kExtensionIdentifier), identifier}};
  request.hurry = {stop_fd, std::chrono::milliseconds(0)};
  const auto answer = exchange_once(endpoint, std::move(request));
  if (answer.head.status != 200) return error_of(answer);
  return base::Done{};
}

}  // namespace api
