// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_surroundings.h"

#include "cli/content/check_commands.h"
#include "cli/package/entry_facts.h"
#include "handler/program/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cli {
namespace {

void survey_entry(const PackageEntry& entry, bool is_layer, Surroundings& all) {
  if (entry.kind != PackageEntry::Kind::file && entry.kind != PackageEntry::Kind::link) return;
  if (is_layer && entry.path.starts_with("bin/") && can_run(entry))
    all.layer_commands.insert(entry.path.substr(4));
  if (!is_layer && can_run(entry)) all.package_commands.insert(file_name(entry.path));
  if (entry.kind != PackageEntry::Kind::file) return;
  const auto head = entry.read(kHead);
  if (!head || !is_shell_script(entry, *head)) return;
  const auto text = entry.read(kLongestScript);
  if (!text) return;
  auto scan = scan_shell(handler::without_mark(*text));
  all.functions.insert(scan.functions.begin(), scan.functions.end());
  if (!is_layer) all.scripts.emplace(entry.path, std::move(scan));
}

}  // namespace

Surroundings survey(const Package& package, const std::vector<Package>& layers) {
  Surroundings all{package, layers, {}, {}, {}, {}};
  for (const auto& layer : layers)
    for (const auto& entry : layer.entries) survey_entry(entry, true, all);
  for (const auto& entry : package.entries) survey_entry(entry, false, all);
  return all;
}

bool is_there(const std::string& path, const Surroundings& all) {
  if (path.starts_with("/var/task/")) return all.package.find(path.substr(10)) != nullptr;
  if (path.starts_with("/opt/"))
    return std::ranges::any_of(all.layers,
                               [&](const Package& layer) { return layer.find(path.substr(5)) != nullptr; });
  constexpr std::array<std::string_view, 4> kFolders = {"/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"};
  return std::ranges::any_of(kFolders, [&](std::string_view folder) {
    return path.starts_with(folder) && image_has_command(std::string_view(path).substr(folder.size()));
  });
}

bool is_command(const std::string& name, const Surroundings& all) {
  return image_has_command(name) || all.layer_commands.contains(name);
}

std::string lacking_in_image() {
  return ": provided.al2023 lacks it, says our list of " + std::string(image_list_date()) + ".";
}

std::string why_missing(const std::string& name, Findings& findings) {
  if (!findings.is_first(name)) return ", as above";
  return lacking_in_image() + " Bring it in a layer (./scripts/build-layer tool " + name +
         ", then --layer), or declare it: # needs: " + name;
}

}  // namespace cli
