// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/http/http.h"

#include <string>

namespace event {

/// The client's address in X-Forwarded-For as the load balancer has added it: the last one, because all
/// others are the client's own words. Without a port or brackets; empty: there is none.
std::string last_forwarded_address(const Headers& headers);

}  // namespace event
