// SPDX-License-Identifier: Apache-2.0
#include "cli/events/sample_events.h"

#include <algorithm>

namespace cli {

std::optional<SampleEvent> find_sample_event(std::string_view name) {
  const auto all = sample_events();
  const auto found = std::ranges::find(all, name, &SampleEvent::name);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string unknown_sample_event(std::string_view name) {
  std::string sentence = "there is no sample event \"" + std::string(name) + "\"; there are:";
  for (const auto& event : sample_events()) sentence.append(" ").append(event.name);
  return sentence;
}

}  // namespace cli
