// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace concurrency {

/// What belongs to one invocation and to no other.
struct Identity {
  std::string request_id;
  std::string trace_id;
  std::string tenant_id;
  std::string event;

  /// What the handlers print of it.
  [[nodiscard]] std::string answer() const {
    return request_id + " " + trace_id + " " + tenant_id + " " + event;
  }
};

/// Of the invocation with this number. `what` is a word of the event; what is behind it differs in length.
Identity identity_of(std::size_t number, const std::string& what);

/// What became of the invocations.
struct Tally {
  std::size_t answered = 0;  ///< with what was theirs
  std::size_t wrong = 0;     ///< with anything else, or not at all
  double seconds = 0;
  std::string first_wrong;

  [[nodiscard]] double per_second() const { return static_cast<double>(answered) / seconds; }
};

}  // namespace concurrency
