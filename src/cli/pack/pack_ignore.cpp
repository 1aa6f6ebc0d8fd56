// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_ignore.h"

#include "base/text/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cli {
namespace {

/// Which places of a path a pattern may have come to; one pass over the pattern, so that many stars cost no
/// more than pattern times path.
using Places = std::set<std::size_t>;

/// A star goes on over any characters, with `over_slashes` also over those.
Places after_star(const Places& before, std::string_view path, bool over_slashes) {
  Places after;
  for (auto place : before) {
    after.insert(place);
    while (place < path.size() && (over_slashes || path[place] != '/')) after.insert(++place);
  }
  return after;
}

/// "**/" is any number of whole folders, none included.
Places after_folders(const Places& before, std::string_view path) {
  Places after = before;
  for (const auto place : before)
    for (auto slash = path.find('/', place); slash != path.npos; slash = path.find('/', slash + 1))
      after.insert(slash + 1);
  return after;
}

Places after_character(const Places& before, std::string_view path, char wanted) {
  Places after;
  for (const auto place : before) {
    if (place == path.size()) continue;
    if (wanted == '?' ? path[place] != '/' : path[place] == wanted) after.insert(place + 1);
  }
  return after;
}

bool fits(std::string_view pattern, std::string_view path) {
  Places places = {0};
  while (!pattern.empty()) {
    std::size_t taken = 1;
    if (pattern.starts_with("**/")) {
      places = after_folders(places, path);
      taken = 3;
    } else if (pattern.starts_with("*")) {
      taken = pattern.starts_with("**") ? 2 : 1;
      places = after_star(places, path, taken == 2);
    } else {
      places = after_character(places, path, pattern.front());
    }
    pattern.remove_prefix(taken);
  }
  return places.contains(path.size());
}

}  // namespace

PackIgnore::Rule PackIgnore::make_rule(std::string_view line) {
  Rule rule;
  rule.takes_back = line.starts_with('!');
  if (rule.takes_back) line.remove_prefix(1);
  rule.folders_only = line.ends_with('/');
  if (rule.folders_only) line.remove_suffix(1);
  const bool is_tied = line.find('/') != std::string_view::npos;
  if (line.starts_with('/')) line.remove_prefix(1);
  rule.pattern = (is_tied ? "" : "**/") + std::string(line);
  return rule;
}

base::Result<PackIgnore> PackIgnore::parse(std::string_view text) {
  PackIgnore ignore;
  const auto lines = base::split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = base::trim(lines[i]);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.find_first_of("[\\") != std::string_view::npos)
      return base::Error{"line " + std::to_string(i + 1) +
                         ": brackets and backslashes are not understood. Write a line for each name, or a ?"};
    ignore.rules_.push_back(make_rule(line));
  }
  return ignore;
}

bool PackIgnore::names(std::string_view path, bool is_folder) const {
  const auto last = std::find_if(rules_.rbegin(), rules_.rend(), [&](const Rule& rule) {
    return (is_folder || !rule.folders_only) && fits(rule.pattern, path);
  });
  return last != rules_.rend() && !last->takes_back;
}

bool PackIgnore::leaves_out(std::string_view path) const {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    if (names(path.substr(0, slash), true)) return true;
  return names(path, false);
}

}  // namespace cli
