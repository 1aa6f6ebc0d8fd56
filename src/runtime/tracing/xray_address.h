// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/result.h"

#include <string_view>

namespace runtime {

/// Where X-Ray's daemon takes datagrams, from AWS_XRAY_DAEMON_ADDRESS: "HOST:PORT", or
/// "tcp:HOST:PORT udp:HOST:PORT" in any order, where the udp one counts. The host is an IP address, an IPv6
/// one in brackets, or "localhost". Pure.
base::Result<api::Endpoint> parse_xray_address(std::string_view text);

}  // namespace runtime
