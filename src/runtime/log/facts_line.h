// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "runtime/log/account.h"

#include <string>

namespace runtime {

/// The one line about an invocation, with its end: of a failed one an error, of others for debugging.
/// docs/logs.md names its facts. Pure but for the clock of JSON.
std::string facts_line(const Account& account, const Surroundings& surroundings, base::LogFormat format);

/// The level that it has.
base::LogLevel level_of(const Account& account);

}  // namespace runtime
