// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "handler/spec/spec.h"
#include "runtime/life/prepare.h"

#include <optional>

namespace runtime {

/// Whether this system grants what every bootstrap lives on. First of all, before anything is started: a call
/// that is refused later would cost an answer, or let processes escape.
std::optional<handler::InitProblem> check_system();

/// The same for what this function needs beyond it: threads, forks of a shell, a list of processes,
/// descriptors. Raises the limit of descriptors where that is enough. What it can do without is a warning.
std::optional<handler::InitProblem> check_system_for(const Prepared& prepared, base::Logger& logger);

}  // namespace runtime
