// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/call_report.h"

#include "base/deadline.h"
#include "runtime/log/facts_line.h"
#include "runtime/log/metrics_line.h"

#include <string>

namespace runtime {

namespace {

constexpr auto kStillWriting =
    "a background process was still writing when the handler ended; its output is cut short";
constexpr auto kHeld =
    "a process that the handler left running had the answer open when the handler ended: what it writes from "
    "then on is lost. Let the handler wait for it (`wait`), or send its output elsewhere (`>/dev/null`)";

void warn_of_lost_output(const Account& account, base::Logger& logger) {
  if (!account.drained)
    logger.warn(kStillWriting, account.who.request_id);
  else if (account.held)
    logger.warn(kHeld, account.who.request_id);
}

std::string sentence_about_full_pipe(const Account& account, const Settings& settings) {
  const auto* mode =
      settings.invoke_mode == InvokeMode::stream ? " (it goes with buffered answers only)" : "";
  return "the answer ends after " + std::to_string(account.bytes_out) +
         " bytes, exactly where its pipe was full: a program that does not wait for room there (Node.js, "
         "whoever makes standard output non-blocking) may have lost the rest. SHELLSTRAP_RESPONSE=memory "
         "makes "
         "the "
         "answer a file, which is never full" +
         mode;
}

void warn_of_full_pipe(const Account& account, const Settings& settings, base::Logger& logger) {
  if (account.error_type.empty() && account.full)
    logger.warn(sentence_about_full_pipe(account, settings), account.who.request_id);
}

}  // namespace

void report(const Account& account, const Settings& settings, base::Logger& logger) {
  logger.catch_up();
  warn_of_lost_output(account, logger);
  warn_of_full_pipe(account, settings, logger);
  const bool shown = logger.shows(level_of(account));
  if (!shown && !settings.metrics) return;
  const auto surroundings = look_around(!account.error_type.empty());
  if (shown) logger.pass_on(facts_line(account, surroundings, logger.options().format));
  if (settings.metrics)
    logger.pass_on(metrics_line(account, surroundings, settings.function_name, base::unix_now()));
}

void report_record(const Account& account, base::Logger& logger) {
  warn_of_lost_output(account, logger);
  if (!logger.shows(level_of(account))) return;
  const auto surroundings = look_around(!account.error_type.empty());
  logger.pass_on(facts_line(account, surroundings, logger.options().format));
}

}  // namespace runtime
