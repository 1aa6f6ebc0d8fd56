// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/trace_header.h"
#include "proc/run/run.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace runtime {

/// Why a child's run counts as a fault, in words of ours.
struct XrayFault {
  std::string id;    ///< 16 hexadecimal digits
  std::string type;  ///< empty: it has no name
  std::string message;
};

/// The run of one child as a part of a trace: facts, never payload.
struct XraySubsegment {
  std::string id;          ///< 16 hexadecimal digits
  api::TraceHeader trace;  ///< what it is a part of
  std::string name;        ///< the handler's; what X-Ray takes for no name becomes "_"
  std::string directory;   ///< where it ran
  std::string request_id;
  std::string record{};                ///< of a batch; empty: the whole event
  std::chrono::microseconds start{0};  ///< Unix time
  proc::RunResult run;
  std::optional<XrayFault> fault;

  /// No datagram is longer: the daemon takes 64 KB.
  static constexpr std::size_t kLongestDatagram = 63 * 1024;

  /// For the daemon: a line that says what follows, and the subsegment as JSON. Pure.
  [[nodiscard]] std::string datagram() const;
};

}  // namespace runtime
