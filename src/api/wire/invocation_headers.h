// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"
#include "base/result.h"

#include <vector>

namespace api {

/// The invocation that the headers of a GET next describe. Pure. Names match in any case; of duplicates the
/// first value counts; an empty value is an absent one, and so is one with control characters, which has no
/// business in a header. An error where there is no request id, since nothing could be answered then.
base::Result<Invocation> invocation_from(const std::vector<ContextHeader>& headers, base::MemoryFile event);

}  // namespace api
