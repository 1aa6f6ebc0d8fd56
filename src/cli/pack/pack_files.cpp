// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_files.h"

#include "base/text/text.h"
#include "cli/pack/pack_ignore.h"
#include "cli/package/entry_facts.h"
#include "handler/program/elf.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kIgnoreFile = ".shellstrapignore";
constexpr auto kBootstrap = "bootstrap";
constexpr std::uint64_t kLongestIgnore = 1U << 20U;
constexpr std::uint64_t kLargestProgram = 256U << 20U;

/// .git at any depth, because submodules have one as well; the others are the function's own at the top only.
bool is_never_packed(const std::string& path) {
  constexpr std::array<std::string_view, 3> kTop = {"tests", "deploy.json", kIgnoreFile};
  const auto parts = base::split(path, '/');
  return std::ranges::find(parts, std::string_view(".git")) != parts.end() ||
         std::ranges::find(kTop, parts.front()) != kTop.end();
}

base::Result<PackIgnore> read_ignore(const Package& package) {
  const auto* entry = package.find(kIgnoreFile);
  if (entry == nullptr) return PackIgnore();
  if (entry->kind != PackageEntry::Kind::file)
    return base::Error{std::string(kIgnoreFile) + " is no file. Put one in its place"};
  const auto text = entry->read(kLongestIgnore);
  if (!text) return base::Error{std::string(kIgnoreFile) + " " + text.error().message};
  auto ignore = PackIgnore::parse(*text);
  if (!ignore) return base::Error{std::string(kIgnoreFile) + ", " + ignore.error().message};
  return ignore;
}

/// Relative to the folder; of an output elsewhere it begins with "..", as no entry does.
std::string path_in(const std::string& folder, const std::string& output) {
  std::error_code ignored;
  const auto absolute = fs::absolute(output, ignored);
  const auto real = fs::weakly_canonical(absolute.parent_path(), ignored) / absolute.filename();
  return real.lexically_relative(fs::canonical(folder, ignored)).string();
}

/// Whether it is a file; what else there is, and matters, is a finding.
bool is_packable(const std::string& folder, const PackageEntry& entry, Findings& findings) {
  if (entry.kind == PackageEntry::Kind::file) return true;
  const auto path = folder + "/" + entry.path;
  if (entry.kind == PackageEntry::Kind::link)
    findings.error(entry.path, 1,
                   "is a link, and links are not followed. Put a copy in its place, or name it in "
                   ".shellstrapignore");
  if (entry.kind == PackageEntry::Kind::other)
    findings.error(entry.path, 1,
                   "is neither a file nor a folder. Remove it, or name it in .shellstrapignore");
  if (entry.kind == PackageEntry::Kind::folder && ::access(path.c_str(), R_OK | X_OK) != 0)
    findings.error(entry.path, 1,
                   "is a folder that you may not read. chmod u+rx, or name it in .shellstrapignore");
  return false;
}

/// Whether both hold the same bytes.
bool is_same(const PackageEntry& one, const PackageEntry& other) {
  const auto first = one.read(kLargestProgram);
  const auto second = other.read(kLargestProgram);
  return first && second && *first == *second;
}

/// What keeps it from being the bootstrap; empty: nothing does.
std::string bootstrap_fault(const std::optional<handler::ElfHead>& elf, bool is_arm) {
  if (!elf) return "is no program. Name shellstrap's with --bootstrap";
  if (elf->machine == (is_arm ? EM_AARCH64 : EM_X86_64)) return "";
  return "was built for " + handler::machine_name(elf->machine) + ", but the function is for " +
         (is_arm ? "arm64" : "x86_64") + ". Name that machine's with --bootstrap, or change --arch";
}

}  // namespace

base::Result<Package> collect_files(const std::string& folder, const std::string& output,
                                    Findings& findings) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return base::Error{"\"" + folder + "\" is no folder"};
  auto package = open_package(folder);
  if (!package) return package.error();
  const auto ignore = read_ignore(*package);
  if (!ignore) return ignore.error();
  const auto own = path_in(folder, output);
  std::erase_if(package->entries, [&](const PackageEntry& entry) {
    // A folder is left out where all that could be in it is.
    const auto name = entry.path + (entry.kind == PackageEntry::Kind::folder ? "/" : "");
    return is_never_packed(entry.path) || ignore->leaves_out(name) || entry.path == own ||
           !is_packable(folder, entry, findings);
  });
  for (auto& entry : package->entries) entry.mode = (entry.mode & 0111U) != 0 ? 0755 : 0644;
  return package;
}

void add_bootstrap(Package& package, const std::string& path, bool is_arm, Findings& findings) {
  std::error_code ignored;
  auto program = make_entry(fs::canonical(path, ignored).string(), kBootstrap);
  const auto head = program.read(kHead);
  const auto elf = head ? handler::parse_elf(*head) : std::nullopt;
  if (const auto fault = bootstrap_fault(elf, is_arm); !fault.empty()) return findings.error(path, 1, fault);
  if (const auto* own = package.find(kBootstrap)) {
    if (!is_same(*own, program))
      findings.error(
          kBootstrap, 1,
          "is a bootstrap of the folder's own, and Lambda starts only one. Remove it, or name it in "
          ".shellstrapignore");
    return;
  }
  if (!elf->interpreter.empty() || handler::lacks_interpreter(*elf))
    findings.warning(
        kBootstrap, 1,
        "may not start: it is linked dynamically, with libraries of the machine that it was built on. "
        "Pack that of build/release or of a release");
  program.mode = 0755;
  package.entries.push_back(std::move(program));
  std::ranges::sort(package.entries, {}, &PackageEntry::path);
}

}  // namespace cli
