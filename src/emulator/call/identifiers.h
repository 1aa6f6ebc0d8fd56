// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace emulator {

/// A random UUID, as request ids look: "8f5c…-…". Random bytes are the kernel's.
std::string new_request_id();

/// "Root=1-HEXTIME-HEX;Parent=HEX;Sampled=0": a trace that nobody records.
std::string new_trace_id();

/// "2026/08/31/[$LATEST]HEX", in UTC.
std::string new_log_stream_name(const std::string& function_version);

/// "2026-08-31T12:34:56.789Z", now.
std::string timestamp();

}  // namespace emulator
