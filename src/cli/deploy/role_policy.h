// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cli {

/// By this a role that deploy has made is known again.
inline constexpr auto kRoleDescription = "made by shellstrap deploy";
inline constexpr auto kRolePolicy = "log";

/// Lets the service run functions with the role. JSON.
std::string trust_policy();

/// Lets the function write its own log, and nothing else. JSON.
std::string log_policy(const std::string& partition, const std::string& function);

}  // namespace cli
