// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "base/result.h"
#include "event/http/http.h"

#include <cstddef>
#include <string_view>

namespace event {

/// Whether the bytes of an answer from `offset` on must be base64 in JSON: their type is no text's (text/…,
/// JSON, XML, JavaScript, forms, …), they are compressed, or they are no UTF-8. Without a type they are text
/// where they can be: not every gateway undoes base64.
base::Result<bool> needs_base64(const Headers& headers, const base::Spool& body, std::size_t offset);

/// Whether the gateway of `request` hands its body over as base64. What JSON cannot hold is base64 in any
/// case; an empty body never is. Beyond that, see docs/serve.md for where this is known from:
///   format 2.0     all but text/…, JSON, XML and JavaScript, and what is compressed
///   load balancer  all but text/… and the three types that its page names, and what has a Content-Encoding
///   format 1.0     nothing: a REST API without binaryMediaTypes
base::Result<bool> arrives_as_base64(const HttpRequest& request);

}  // namespace event
