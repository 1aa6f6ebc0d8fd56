// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check.h"

#include "base/io/memory_file.h"
#include "cli/check/check_options.h"
#include "cli/check/check_whole.h"

#include <unistd.h>

namespace cli {
namespace {

int report(const Findings& findings, const std::string& summary, bool is_strict) {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, findings.text() + summary + "\n");
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
  const bool has_program = check_whole(*package, *layers, options, findings);
  return report(findings, summary(findings, *package, has_program), options.strict);
}

}  // namespace cli
