// SPDX-License-Identifier: Apache-2.0
#include "emulator/runtime_api/extension_api.h"

#include "api/wire/wire.h"
#include "emulator/call/identifiers.h"
#include "emulator/call/receipt.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

namespace wire = api::wire;

// How often a waiting extension is looked after.
constexpr auto kLook = std::chrono::milliseconds(20);

HttpResponse refused(const char* type, const char* message) {
  return {403, {}, Receipt{403, type, message}.body(), "application/json"};
}

bool wants_events(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  const auto events = json.is_object() ? json.find("events") : json.end();
  return events != json.end() && !events->empty();
}

/// The extensions of one environment. Any thread may call.
class Extensions {
 public:
  HttpResponse take(const HttpRequest& request) {
    if (request.header(wire::kExtensionName).empty())
      return refused("Extension.InvalidExtensionName", "the name of the extension is missing");
    if (wants_events(request.body))
      return refused("Extension.UnsupportedEvents", "extensions get no events here");
    auto identifier = new_request_id();
    const std::lock_guard lock(mutex_);
    identifiers_.insert(identifier);
    return {200, {{std::string(wire::kExtensionIdentifier), std::move(identifier)}}, "{}"};
  }

  HttpResponse wait(const HttpRequest& request) {
    if (!knows(request.header(wire::kExtensionIdentifier)))
      return refused("Extension.UnknownExtensionIdentifier", "no extension has this identifier");
    while (request.peer_is_there()) std::this_thread::sleep_for(kLook);
    return {};
  }

 private:
  bool knows(const std::string& identifier) {
    const std::lock_guard lock(mutex_);
    return identifiers_.contains(identifier);
  }

  std::mutex mutex_;
  std::set<std::string> identifiers_;
};

}  // namespace

HttpHandler with_extensions(HttpHandler inner) {
  return [inner = std::move(inner), extensions = std::make_shared<Extensions>()](const HttpRequest& request) {
    if (request.method == "POST" && request.path == wire::kExtensionRegisterPath)
      return extensions->take(request);
    if (request.method == "GET" && request.path == wire::kExtensionNextPath) return extensions->wait(request);
    return inner(request);
  };
}

}  // namespace emulator
