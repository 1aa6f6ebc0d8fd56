// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/log/account.h"

#include <chrono>
#include <string>
#include <string_view>

namespace runtime {

/// One line of CloudWatch's embedded metric format (EMF), with its end: namespace "shellstrap", dimensions
/// FunctionName and outcome. `function_name` may be empty. Pure.
std::string metrics_line(const Account& account, const Surroundings& surroundings,
                         std::string_view function_name, std::chrono::milliseconds now);

/// What the dimension says: "ok", or how the call failed in words of ours. A name that the handler gave its
/// own error is no part of it: every new word would be one more metric to pay for.
std::string outcome_dimension(const Account& account);

}  // namespace runtime
