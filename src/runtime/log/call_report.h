// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "runtime/log/account.h"
#include "runtime/settings/settings.h"

namespace runtime {

/// What the log gets about an invocation when its answer is out and what it left running was ended: one line
/// where it failed, or where the log shows debug lines; one line of metrics where they are asked for; and
/// word of lines that were dropped. With default settings a successful call costs nothing here.
void report(const Account& account, const Settings& settings, base::Logger& logger);

/// The same for one record of a batch: the line, and no metrics.
void report_record(const Account& account, base::Logger& logger);

}  // namespace runtime
