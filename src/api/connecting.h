// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/endpoint.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace api {

/// A new connection to `endpoint`: a socket that never blocks, is closed on exec and sends small writes at
/// once. Waits until `limit` at most.
base::Result<base::UniqueFd> connect_to(const Endpoint& endpoint, base::Deadline limit);

}  // namespace api
