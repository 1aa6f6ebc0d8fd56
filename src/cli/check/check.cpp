// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check.h"

#include "base/io/memory_file.h"
#include "cli/check/check_options.h"
#include "cli/check/check_whole.h"
#include "cli/check/finding_formats.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace cli {
namespace {

std::string text_of(const Findings& findings, const std::string& summary, const CheckOptions& options) {
  std::error_code unreadable;
  const bool is_folder = std::filesystem::is_directory(options.package, unreadable);
  const CheckedPlaces places{is_folder ? options.package : "", options.layers};
  if (options.format == "github") return github_lines(findings, places) + summary + "\n";
  if (options.format == "sarif") return sarif_log(findings, places);
  if (options.format == "json") return json_text(findings, places);
  return findings.text() + summary + "\n";
}

int report(const Findings& findings, const std::string& summary, const CheckOptions& options) {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, text_of(findings, summary, options));
  const auto counting = findings.errors() + (options.strict ? findings.warnings() : 0);
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
  return report(findings, summary(findings, *package, has_program), options);
}

}  // namespace cli
