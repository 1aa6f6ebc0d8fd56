// SPDX-License-Identifier: Apache-2.0
#include "cli/new/new_kinds.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace cli {
namespace {

constexpr std::array kKinds = {
    NewKind{"script", "a shell script; any executable can take its place", "", ""},
    NewKind{"function", "functions of a shell file", "function.greet", ""},
    NewKind{"tool", "a command-line tool without a script, values of the event as its arguments", "", ""},
    NewKind{"cgi", "a web page behind a Function URL", "", ""},
    NewKind{"batch", "messages of an SQS queue, one by one", "", ""},
    NewKind{"git", "a script around git, from a layer", "", ""},
    NewKind{"webhook", "a webhook behind a Function URL that checks its sender's signature", "", "test.env"},
    NewKind{"container", "a script in a container image", "", ""},
};

// More changes make another word of it.
constexpr std::size_t kMostChanges = 2;

/// How many letters have to be changed, added or taken out to make `b` of `a` (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (const char letter : a) {
    auto diagonal = row.front()++;
    for (std::size_t i = 0; i < b.size(); ++i) {
      const auto changed = diagonal + (letter == b[i] ? 0U : 1U);
      diagonal = row[i + 1];
      row[i + 1] = std::min({changed, row[i] + 1, row[i + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const NewKind> new_kinds() {
  return kKinds;
}

const NewKind* find_new_kind(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &NewKind::name);
  return found == kKinds.end() ? nullptr : found;
}

std::string unknown_new_kind(std::string_view name) {
  const auto far = [&](const NewKind& kind) { return distance(name, kind.name); };
  const auto* nearest = std::ranges::min_element(kKinds, {}, far);
  std::string sentence = "there is no kind \"" + std::string(name) + "\"";
  if (far(*nearest) <= kMostChanges) sentence.append("; did you mean ").append(nearest->name).append("?");
  sentence.append(far(*nearest) <= kMostChanges ? " There are:" : "; there are:");
  for (const auto& kind : kKinds) sentence.append(" ").append(kind.name);
  return sentence;
}

}  // namespace cli
