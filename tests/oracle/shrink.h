// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"
#include "comparison.h"

#include <string>

namespace oracle {

/// The same case with as few lines as still differ, as far as taking lines away leads there. Blocks for
/// seconds.
Case smallest_that_differs(const Case& body, const std::string& folder);

}  // namespace oracle
