// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "event/http/http.h"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace event {

/// An event of something else, or no JSON at all.
struct NotHttp {};
/// It looks like an HTTP request and is none; the cause is for the log.
struct MalformedEvent {
  std::string cause;
};
using ParsedEvent = std::variant<NotHttp, HttpRequest, MalformedEvent>;

/// The request in an event of API Gateway (1.0, 2.0), a Function URL or a load balancer. `json`: any bytes.
/// Only what is needed is decoded: an event of something else costs one look at each byte, and a body goes
/// straight into its spool. The events of Lambda authorizers, which resemble requests, are NotHttp,
/// and so is what has over 256 KiB beside its body. Pure.
ParsedEvent parse_http_event(std::string_view json);

/// What a gateway adds to a request.
struct EventStamp {
  std::string request_id;
  std::chrono::milliseconds time{0};  ///< Unix time
};

/// The event that a gateway makes of `request`, in the format of request.source. Bodies are base64 where they
/// are not text. The path is not mounted anywhere: a REST API's stage is `mount`, or "$default". Of
/// authentication there is IAM's, in 2.0. Fails only where memory does.
base::Result<base::Spool> to_event(const HttpRequest& request, const EventStamp& stamp);

}  // namespace event
