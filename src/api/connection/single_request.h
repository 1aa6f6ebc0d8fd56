// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/http_connection.h"

#include <string>

namespace api {

struct SingleAnswer {
  HttpAnswer head;
  std::string body;  ///< its first 8 KiB: enough for a refusal's reason
};

/// Sends `request`, whose path lacks the endpoint's prefix, on a connection of its own that ends with it.
/// Blocks as long as the request allows, and no longer than until so much of the body has come.
SingleAnswer exchange_once(const Endpoint& endpoint, HttpRequest request);

}  // namespace api
