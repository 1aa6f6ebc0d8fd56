// SPDX-License-Identifier: Apache-2.0
#include "cli/events/sample_events.h"

#include "base/text/nearest.h"

#include <algorithm>
#include <vector>

namespace cli {

std::optional<SampleEvent> find_sample_event(std::string_view name) {
  const auto all = sample_events();
  const auto found = std::ranges::find(all, name, &SampleEvent::name);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string unknown_sample_event(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& event : sample_events()) names.push_back(event.name);
  std::string sentence =
      "there is no sample event \"" + std::string(name) + "\"." + base::did_you_mean(name, names);
  sentence.append(" There are:");
  for (const auto known : names) sentence.append(" ").append(known);
  return sentence;
}

}  // namespace cli
