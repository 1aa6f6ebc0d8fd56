// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_whole.h"

#include "cli/check/check_files.h"
#include "cli/check/check_handler.h"
#include "cli/check/check_layout.h"
#include "cli/check/check_runtime.h"

#include <utility>

namespace cli {
namespace {

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

}  // namespace

base::Result<std::vector<Package>> open_layers(const std::vector<std::string>& paths) {
  std::vector<Package> layers;
  for (const auto& path : paths) {
    auto layer = open_package(path);
    if (!layer) return layer.error();
    layers.push_back(*std::move(layer));
  }
  return layers;
}

bool check_whole(const Package& package, const std::vector<Package>& layers, const CheckOptions& options,
                 Findings& findings) {
  check_sizes(package, layers, findings);
  check_layout(package, &options, findings);
  check_runtime(package, layers, findings);
  for (const auto& layer : layers) check_layout(layer, nullptr, findings);
  const auto all = survey(package, layers);
  const auto started = check_configuration(all, options, findings);
  check_entries(all, options, started.path, findings);
  return started.has_program;
}

std::string summary(const Findings& findings, const Package& package, bool has_program) {
  return package.name + ": " + counted(findings.errors(), "error") + ", " +
         counted(findings.warnings(), "warning") + " in " + std::to_string(package.entries.size()) +
         (package.entries.size() == 1 ? " entry" : " entries") +
         (has_program ? "" : "; no handler was checked: name it with --handler");
}

}  // namespace cli
