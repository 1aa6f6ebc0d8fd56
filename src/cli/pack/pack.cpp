// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack.h"

#include "base/io/memory_file.h"
#include "cli/check/check.h"
#include "cli/check/check_whole.h"
#include "cli/line/paths.h"
#include "cli/line/verb_line.h"
#include "cli/pack/pack_files.h"
#include "cli/pack/pack_options.h"
#include "cli/pack/pack_output.h"
#include "cli/pack/pack_zip.h"

#include <elf.h>
#include <unistd.h>

#include <utility>

namespace cli {
namespace {

int print(int fd, const std::string& text, int status) {
  [[maybe_unused]] const auto given_up = base::write_all(fd, text);
  return status;
}

/// The folder's files and, unless a layer has it, the bootstrap.
base::Result<Package> collect(const PackOptions& options, Findings& findings) {
  auto package = collect_files(options.check.package, options.output, findings);
  if (!package || options.in_layer) return package;
  const auto bootstrap = find_bootstrap(options.bootstrap, options.check.is_arm ? EM_AARCH64 : EM_X86_64);
  if (!bootstrap) return bootstrap.error();
  add_bootstrap(*package, *bootstrap, options.check.is_arm, findings);
  return package;
}

/// One byte more is asked for than there was, so that a file that grows is noticed, too.
base::Status add(ZipWriter& zip, const PackageEntry& entry) {
  const auto bytes = entry.read(entry.size + 1);
  if (!bytes) return base::Error{entry.path + " " + bytes.error().message};
  if (bytes->size() != entry.size)
    return base::Error{entry.path + " was written to while it was packed. Try again"};
  return zip.add(entry.path, (entry.mode & 0111U) != 0, *bytes);
}

base::Status write_zip(const Package& package, const std::string& path) {
  auto output = PackOutput::create(path);
  if (!output) return output.error();
  ZipWriter zip(output->fd());
  for (const auto& entry : package.entries)
    if (auto added = add(zip, entry); !added) return added;
  if (auto finished = zip.finish(); !finished) return finished;
  return output->publish();
}

}  // namespace

int write_package(const PackOptions& options, const Context& context) {
  const auto layers = open_layers(options.check.layers);
  if (!layers) return refuse(context, layers.error());
  Findings findings;
  const auto package = collect(options, findings);
  if (!package) return refuse(context, package.error());
  const bool has_program = check_whole(*package, *layers, options.check, findings);
  const auto said = findings.text() + summary(findings, *package, has_program);
  if (findings.errors() > 0) return print(STDERR_FILENO, said + "; nothing was packed\n", kFindings);
  if (const auto written = write_zip(*package, options.output); !written)
    return refuse(context, written.error());
  return print(STDERR_FILENO, said + "\n", kSuccess);
}

int pack(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_pack_options(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<PackOptions>(parsed);
  if (const int status = write_package(options, context); status != kSuccess) return status;
  return print(STDOUT_FILENO, options.output + "\n", kSuccess);
}

}  // namespace cli
