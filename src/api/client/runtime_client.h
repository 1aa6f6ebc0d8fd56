// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/response_stream.h"
#include "api/connection/endpoint.h"
#include "api/wire/function_error.h"
#include "api/wire/invocation.h"
#include "api/wire/posted.h"
#include "base/deadline.h"
#include "base/io/spool.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace api {

/// GET next had no event to give (204, seen from local emulators): pause, then ask again.
struct NoEvent {};
/// GET next was answered with something that no event can be made of, but the API lives (an event without a
/// request id, say). Nobody will answer it: `reason`, a sentence about the event, belongs in the log.
struct BadEvent {
  std::string reason;
};
/// The API is gone or refuses for good: end the process.
struct Lost {
  std::string reason;
};
/// The environment is shut down, and no event is wanted any more. `dropped`: one had begun to come; as the
/// reason of a BadEvent.
struct Stopped {
  std::string dropped{};
};
using Next = std::variant<Invocation, NoEvent, BadEvent, Stopped, Lost>;

/// One keep-alive connection to the Lambda Runtime API, one per worker; not synchronised. Proxy variables are
/// ignored, redirects are not followed, nothing is retried but GET next on a connection that ends without a
/// byte of an answer, as one does that the peer had closed while idle.
class RuntimeClient {
 public:
  /// `stop_fd`, borrowed: once it is readable, next() returns Stopped instead of waiting on, and a POST that
  /// is under way or still to come has 90 ms. -1: never.
  explicit RuntimeClient(const Endpoint& endpoint, int stop_fd = -1);
  ~RuntimeClient();
  RuntimeClient(RuntimeClient&&) noexcept;

  /// Blocks until there is an event, for ever if need be: the environment may be frozen meanwhile.
  Next next();

  /// What the call's largest process has used; 0: not known. The next answer that is posted whole tells of it
  /// where its event has asked for that: our emulator's do, the service's never.
  void measured(std::size_t peak_memory_kib);

  /// `limit` bounds the time for sending and for the reply; with never a POST may take 15 minutes.
  Posted post_response(const Invocation& invocation, const base::Spool& answer, std::string_view content_type,
                       base::Deadline limit);
  /// The streamed answer of an invocation, which has not begun yet: its head leaves with the first bytes.
  base::Result<ResponseStream> open_stream(const Invocation& invocation, std::string_view content_type);
  Posted post_error(const Invocation& invocation, const FunctionError& error, std::string_view xray_cause,
                    base::Deadline limit);
  Posted post_init_error(const FunctionError& error);
  /// Of a copy that was restored from a snapshot and is not fit to serve.
  Posted post_restore_error(const FunctionError& error);

 private:
  class Connection;
  Endpoint endpoint_;
  int stop_fd_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace api
