// SPDX-License-Identifier: Apache-2.0
#include "cli/new/new_kinds.h"

#include "base/text/nearest.h"

#include <algorithm>
#include <array>
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

}  // namespace

std::span<const NewKind> new_kinds() {
  return kKinds;
}

const NewKind* find_new_kind(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &NewKind::name);
  return found == kKinds.end() ? nullptr : found;
}

std::string unknown_new_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& kind : kKinds) names.push_back(kind.name);
  std::string sentence = "there is no kind \"" + std::string(name) + "\"." + base::did_you_mean(name, names);
  sentence.append(" There are:");
  for (const auto known : names) sentence.append(" ").append(known);
  return sentence;
}

}  // namespace cli
