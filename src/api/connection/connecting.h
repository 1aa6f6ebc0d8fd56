// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/allowance.h"
#include "api/connection/endpoint.h"
#include "base/io/unique_fd.h"
#include "base/result.h"

namespace api {

/// A new connection to `endpoint`: a socket that never blocks, is closed on exec and sends small writes at
/// once. Waits as long as `allowance` lasts. The error names the endpoint.
base::Result<base::UniqueFd> connect_to(const Endpoint& endpoint, Allowance& allowance);

}  // namespace api
