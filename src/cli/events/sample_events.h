// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cli {

/// An event as a service sends it: a file of events/, part of the program.
struct SampleEvent {
  std::string_view name;  ///< "sqs"
  std::string_view json;
};

/// All of them, by name.
std::span<const SampleEvent> sample_events();
std::optional<SampleEvent> find_sample_event(std::string_view name);
/// "there is no sample event "x". Did you mean sqs? There are: …"
std::string unknown_sample_event(std::string_view name);

}  // namespace cli
