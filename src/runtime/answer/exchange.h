// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"
#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "runtime/answer/answer.h"
#include "runtime/answer/cgi_task.h"
#include "runtime/answer/streams.h"
#include "runtime/settings/settings.h"

#include <optional>
#include <string>

namespace runtime {

/// What the handler gets of one event and what the service gets of its output, by SHELLSTRAP_RESPONSE_FORMAT.
/// With `raw` it is the event and the output themselves, and costs nothing.
class Exchange {
 public:
  /// Everything is borrowed. Reads the event where the format is `cgi`.
  Exchange(const Settings& settings, const std::string& handler, base::Logger& logger,
           const api::Invocation& invocation);

  /// What is posted without running the handler: an error for an event that makes no sense, a 400 for a
  /// request that no program should see. Once, and before anything else.
  std::optional<Answer> take_early_answer();

  /// The HTTP request that the handler is to answer; nullptr: it gets the event.
  [[nodiscard]] const CgiTask* cgi() const { return cgi_ ? &*cgi_ : nullptr; }

  /// Gives `call` what the handler gets in place of the event; it borrows from this.
  void add_to(handler::Call& call) const;

  /// What is posted for a run that has succeeded. What does not keep to the format is an error; of a CGI
  /// program it is a 502 with its cause in the log. Takes the answer out of `streams`.
  [[nodiscard]] Answer shape(const proc::RunResult& run, Streams& streams) const;

 private:
  void log(const std::string& cause) const;
  [[nodiscard]] Answer in_format(base::Spool output) const;

  const Settings& settings_;
  const std::string& handler_;
  base::Logger& logger_;
  const api::Invocation& invocation_;
  std::optional<CgiTask> cgi_;
  std::optional<Answer> early_;
};

}  // namespace runtime
