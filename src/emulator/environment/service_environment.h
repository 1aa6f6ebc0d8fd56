// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "emulator/environment/function.h"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// The environment in which the service starts a runtime, in this order, later ones winning:
///   - PATH of `own`, because the programs of this machine are meant; LANG=en_US.UTF-8 and TZ=:UTC as on the
///   service;
///   - of `own`: SHELLSTRAP_*, AWS_LAMBDA_LOG_FORMAT, AWS_LAMBDA_LOG_LEVEL (settings under trial), and AWS
///   credentials;
///     nothing is made up where there are none, and HOME and everything else stays out, as it would on the
///     service;
///   - the function's own variables;
///   - what the service defines: the handler, the function's name, version and memory, region, log names,
///   folders, and
///     `runtime_api` ("host:port").
/// Pure, but for the random name of the log stream.
base::Environment service_environment(const Function& function, std::string_view runtime_api,
                                      const base::Environment& own);

/// Whether AWS_LAMBDA_INITIALIZATION_TYPE of `own` asks for snap-start, which goes with functions on demand.
bool takes_snapshots(const Function& function, const base::Environment& own);

/// Whether the service sets a variable of this name itself.
bool is_reserved_variable(std::string_view name);

/// Why the service would not take `name` as a variable of a function: one sentence; nullopt: it would.
std::optional<std::string> refused_variable(std::string_view name);

/// AWS_REGION or AWS_DEFAULT_REGION of `own`, else us-east-1.
std::string region_of(const base::Environment& own);

}  // namespace emulator
