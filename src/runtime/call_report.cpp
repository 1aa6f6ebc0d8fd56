// SPDX-License-Identifier: Apache-2.0
#include "runtime/call_report.h"

#include "base/deadline.h"
#include "runtime/facts_line.h"
#include "runtime/metrics_line.h"

namespace runtime {

namespace {

void warn_of_cut_output(const Account& account, base::Logger& logger) {
  if (!account.drained)
    logger.warn("a background process was still writing when the handler ended; its output is cut short",
                account.who.request_id);
}

}  // namespace

void report(const Account& account, const Settings& settings, base::Logger& logger) {
  logger.catch_up();
  warn_of_cut_output(account, logger);
  const bool shown = logger.shows(level_of(account));
  if (!shown && !settings.metrics) return;
  const auto surroundings = look_around(!account.error_type.empty());
  if (shown) logger.pass_on(facts_line(account, surroundings, logger.options().format));
  if (settings.metrics)
    logger.pass_on(metrics_line(account, surroundings, settings.function_name, base::unix_now()));
}

void report_record(const Account& account, base::Logger& logger) {
  warn_of_cut_output(account, logger);
  if (!logger.shows(level_of(account))) return;
  const auto surroundings = look_around(!account.error_type.empty());
  logger.pass_on(facts_line(account, surroundings, logger.options().format));
}

}  // namespace runtime
