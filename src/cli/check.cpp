// SPDX-License-Identifier: Apache-2.0
#include "cli/check.h"

#include "base/memory_file.h"
#include "cli/check_files.h"
#include "cli/check_handler.h"
#include "cli/check_layout.h"
#include "cli/check_options.h"

#include <unistd.h>

#include <utility>

namespace cli {
namespace {

base::Result<std::vector<Package>> open_layers(const std::vector<std::string>& paths) {
  std::vector<Package> layers;
  for (const auto& path : paths) {
    auto layer = open_package(path);
    if (!layer) return layer.error();
    layers.push_back(*std::move(layer));
  }
  return layers;
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string summary(const Findings& findings, const Package& package) {
  return package.name + ": " + counted(findings.errors(), "error") + ", " +
         counted(findings.warnings(), "warning") + " in " + std::to_string(package.entries.size()) +
         (package.entries.size() == 1 ? " entry\n" : " entries\n");
}

int report(const Findings& findings, const Package& package, bool is_strict) {
  [[maybe_unused]] const auto given_up =
      base::write_all(STDOUT_FILENO, findings.text() + summary(findings, package));
  const auto counting = findings.errors() + (is_strict ? findings.warnings() : 0);
  return counting > 0 ? kFindings : kSuccess;
}

}  // namespace

int check(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_check_options(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<CheckOptions>(parsed);
  const auto package = open_package(options.package);
  const auto layers = open_layers(options.layers);
  if (!package || !layers) {
    context.logger.error(package ? layers.error().message : package.error().message);
    return kUsageError;
  }
  Findings findings;
  check_sizes(*package, *layers, findings);
  check_layout(*package, &options, findings);
  for (const auto& layer : *layers) check_layout(layer, nullptr, findings);
  const auto all = survey(*package, *layers);
  const auto started = check_configuration(all, options, findings);
  check_entries(all, options, started, findings);
  return report(findings, *package, options.strict);
}

}  // namespace cli
