// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event.h"
#include "ledger.h"
#include "runs.h"
#include "wire.h"

#include <string_view>

namespace soak {

/// Compares an answer with what the handlers say of their runs, and notes in the ledger what is not right.
/// `is_disturbed`: somebody else may have ended what ran, by a signal or for want of a processor.
void judge(const Event& event, const wire::Request& request, std::string_view body, bool is_disturbed,
           Runs& runs, Ledger& ledger);

}  // namespace soak
