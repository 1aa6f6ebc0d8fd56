// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/allowance.h"
#include "api/endpoint.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace api {

/// A new connection to `endpoint`: a socket that never blocks, is closed on exec and sends small writes at
/// once. Waits as long as `allowance` lasts. The error names the endpoint.
base::Result<base::UniqueFd> connect_to(const Endpoint& endpoint, Allowance& allowance);

}  // namespace api
