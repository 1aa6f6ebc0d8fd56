// SPDX-License-Identifier: Apache-2.0
#include "api/restore.h"

#include "api/http_connection.h"
#include "api/refusal.h"
#include "api/wire.h"
#include "base/version.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace api {
namespace {

constexpr std::size_t kLongestRefusal = std::size_t{8} * 1024;

struct Asked {
  HttpAnswer answer;
  std::string body;
};

Asked ask(const Endpoint& endpoint, int stop_fd) {
  Asked asked;
  HttpRequest request;
  request.method = "GET";
  request.path = endpoint.prefix + std::string(wire::kRestoreNextPath);
  request.hurry = {stop_fd, std::chrono::milliseconds(0)};
  request.receiver = [&](int, std::string_view piece) {
    asked.body.append(piece.substr(0, kLongestRefusal - std::min(kLongestRefusal, asked.body.size())));
    return true;
  };
  asked.answer = HttpConnection(endpoint, "shellstrap/" + std::string(base::version())).exchange(request);
  return asked;
}

Restore judged(const Asked& asked) {
  const int status = asked.answer.status;
  if (status == 0 && asked.answer.hurried) return Stopped{};
  if (status == 0) return Lost{"GET restore/next failed: " + asked.answer.failure};
  if (status >= 200 && status < 300) return Restored{};
  if (status == 404) return NoSnapshot{};
  return Lost{"GET restore/next was refused with " + refusal_in_words(status, asked.body)};
}

}  // namespace

// A connection may have died in the snapshot: one more try, and only where not a byte of an answer came.
Restore await_restore(const Endpoint& endpoint, int stop_fd) {
  auto asked = ask(endpoint, stop_fd);
  if (asked.answer.status == 0 && !asked.answer.hurried) asked = ask(endpoint, stop_fd);
  return judged(asked);
}

}  // namespace api
