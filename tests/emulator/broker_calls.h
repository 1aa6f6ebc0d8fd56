// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/broker/broker.h"

#include <chrono>
#include <string>
#include <utility>

/// Longer than any test waits on purpose.
inline constexpr auto kAPatientWhile = std::chrono::seconds(20);

/// For those who ask whether a caller is still there.
inline bool always() {
  return true;
}

inline emulator::Event event_named(const std::string& id,
                                   std::chrono::milliseconds timeout = kAPatientWhile) {
  emulator::Event event;
  event.request_id = id;
  event.payload = "payload of " + id;
  event.timeout = timeout;
  return event;
}

/// A handler's answer that came as a whole.
inline emulator::Broker::Post post(std::string body) {
  const auto size = body.size();
  return {std::move(body), size, "text/x", "", "", true};
}
