// SPDX-License-Identifier: Apache-2.0
#include "api/client/restore.h"

#include "api/connection/single_request.h"
#include "api/wire/refusal.h"
#include "api/wire/wire.h"

#include <string>
#include <utility>

namespace api {
namespace {

SingleAnswer ask(const Endpoint& endpoint, int stop_fd) {
  HttpRequest request;
  request.method = "GET";
  request.path = wire::kRestoreNextPath;
  request.hurry = {stop_fd, std::chrono::milliseconds(0)};
  return exchange_once(endpoint, std::move(request));
}

Restore judged(const SingleAnswer& asked) {
  const int status = asked.head.status;
  if (status == 0 && asked.head.hurried) return Stopped{};
  if (status == 0) return Lost{"GET restore/next failed: " + asked.head.failure};
  if (status >= 200 && status < 300) return Restored{};
  if (status == 404) return NoSnapshot{};
  return Lost{"GET restore/next was refused with " + refusal_in_words(status, asked.body)};
}

}  // namespace

// A connection may have died in the snapshot: one more try, and only where not a byte of an answer came.
Restore await_restore(const Endpoint& endpoint, int stop_fd) {
  auto asked = ask(endpoint, stop_fd);
  if (asked.head.stage == HttpAnswer::Stage::nothing && !asked.head.hurried) asked = ask(endpoint, stop_fd);
  return judged(asked);
}

}  // namespace api
