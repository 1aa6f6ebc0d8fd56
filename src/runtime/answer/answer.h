// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/function_error.h"
#include "base/io/spool.h"

#include <variant>

namespace runtime {

/// What is posted for an invocation: a response, or an error.
using Answer = std::variant<base::Spool, api::FunctionError>;

}  // namespace runtime
