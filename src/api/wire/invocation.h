// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace api {

/// Largest answer that the service takes, after any encoding: 6 MiB + 100 bytes.
std::size_t largest_response();

/// One header of an event, name as it came.
struct ContextHeader {
  std::string name;
  std::string value;
};

/// What one GET next delivered. Move only: the event is a file in memory, every byte as it came.
struct Invocation {
  std::string request_id;                             ///< opaque; never empty
  std::optional<std::string> invocation_id;           ///< echoed on the answer where the service sent one
  std::optional<std::chrono::milliseconds> deadline;  ///< Unix time; absent when missing or not a number
  std::string function_arn;                           ///< empty: not sent; likewise below
  std::string trace_id;
  std::string tenant_id;
  /// Every header of the Lambda-Runtime- family that has a value, for the child's environment; of duplicates
  /// the first.
  std::vector<ContextHeader> context;
  base::MemoryFile event;

  /// The trace says that it is recorded ("Sampled=1").
  [[nodiscard]] bool is_sampled() const;
};

}  // namespace api
