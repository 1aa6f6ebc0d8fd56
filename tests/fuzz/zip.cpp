// SPDX-License-Identifier: Apache-2.0
// A zip file of a package, as `shellstrap check` gets it, and the same bytes as deflated data.
#include "base/io/memory_file.h"
#include "cli/package/check_inflate.h"
#include "cli/package/check_package.h"
#include "fuzz.h"

#include <unistd.h>

#include <string>

using fuzzing::require;

namespace {

constexpr std::uint64_t kLimit = 64U << 10U;

void read_all(const cli::Package& package) {
  for (const auto& entry : package.entries) {
    const auto text = entry.read(kLimit);
    require(!text || text->size() <= kLimit, "no more is read than was asked for");
    const bool is_listed = package.find(entry.path) != nullptr;
    require(is_listed, "an entry is found by its path");
  }
}

}  // namespace

void fuzz(std::string_view input) {
  const auto plain = cli::inflate(input, kLimit);
  require(!plain || plain->size() <= kLimit, "no more is unpacked than was asked for");
  const auto file = base::MemoryFile::create("zip");
  if (!file || ::write(file->fd(), input.data(), input.size()) < 0) return;
  const auto package = cli::open_zip("/proc/self/fd/" + std::to_string(file->fd()));
  if (package) read_all(*package);
}
