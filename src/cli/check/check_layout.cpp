// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_layout.h"

#include "base/text/text.h"
#include "cli/package/entry_facts.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace cli {
namespace {

constexpr std::size_t kLongestName = 255;  // bytes of one part of a path: NAME_MAX

class NamesCheck {
 public:
  NamesCheck(const Package& package, Findings& findings) : package_(package), findings_(findings) {}

  void run() {
    check_backslashes();
    check_doubles();
    for (const auto& entry : package_.entries) check_letters(entry.path);
  }

 private:
  /// One finding for all: whoever packs so packs every folder so.
  void check_backslashes() {
    const auto is_one = [](const PackageEntry& entry) { return entry.has_backslashes; };
    const auto first = std::ranges::find_if(package_.entries, is_one);
    if (first == package_.entries.end()) return;
    findings_.error(package_.name, 1,
                    "has backslashes in " + std::to_string(std::ranges::count_if(package_.entries, is_one)) +
                        " of its names, as of " + first->path +
                        ": there are no folders then, only files with "
                        "backslashes in their names. Pack it with slashes: zip in WSL, or 7-Zip");
  }

  /// Unpackers keep the first, the last or none of two files with one name, and no file where a folder has to
  /// be.
  void check_doubles() {
    std::set<std::string> files;
    for (const auto& entry : package_.entries)
      if (entry.kind != PackageEntry::Kind::folder && !files.insert(entry.path).second)
        findings_.error(entry.path, 1, "is in the package twice. Pack it anew, into a new file");
    std::set<std::string> said;
    for (const auto& entry : package_.entries)
      for (auto slash = entry.path.find('/'); slash != std::string::npos;
           slash = entry.path.find('/', slash + 1)) {
        const auto folder = entry.path.substr(0, slash);
        const auto* found = files.contains(folder) ? package_.find(folder) : nullptr;
        if (found != nullptr && found->kind == PackageEntry::Kind::file && said.insert(folder).second)
          findings_.error(folder, 1, "is a file and a folder of the package. Pack it anew, into a new file");
      }
  }

  void check_letters(const std::string& path) {
    if (base::repair_utf8(path) != path)
      findings_.warning(path, 1,
                        "may get another name: it is not UTF-8. Pack it on a system that uses that, or "
                        "name it in ASCII");
    if (longest_part(path) > kLongestName)
      findings_.error(path, 1, "has a name of more than 255 bytes, which Linux does not take. Shorten it");
  }

  static std::size_t longest_part(std::string_view path) {
    std::size_t longest = 0;
    for (const auto part : base::split(path, '/')) longest = std::max(longest, part.size());
    return longest;
  }

  const Package& package_;
  Findings& findings_;
};

/// What the Finder and its archiver leave in folders and zips.
bool is_of_macos(const std::string& path) {
  return path.starts_with("__MACOSX/") || path == "__MACOSX" || file_name(path) == ".DS_Store";
}

bool names_program(const CheckOptions& options) {
  return !options.handler.empty() ||
         std::ranges::find(options.variables, "SHELLSTRAP_COMMAND", &Variables::value_type::first) !=
             options.variables.end();
}

/// What has to be at the top of a package or of a layer. Where a handler or command is named, that one is
/// looked for, not guessed at. `options`: nullptr for a layer.
void check_top(const Package& package, const CheckOptions* options, Findings& findings) {
  const auto folder = only_folder(package);
  if (!folder) return;
  const auto advice = "Pack what is in " + *folder + "/, not the folder itself: cd " + *folder +
                      " && zip -r ../function.zip .";
  if (package.find(*folder + "/bootstrap") != nullptr)
    return findings.error(
        package.name, 1,
        "has its bootstrap in " + *folder + "/, and Lambda looks for it at the top. " + advice);
  if (options == nullptr && folder == "opt")
    return findings.error(package.name, 1, "would be unpacked to /opt/opt. " + advice);
  if (options != nullptr && !names_program(*options))
    findings.warning(
        package.name, 1,
        "has everything in " + *folder + "/, so a handler may be sought in vain at the top. " + advice);
}

}  // namespace

std::optional<std::string> only_folder(const Package& package) {
  std::optional<std::string> folder;
  bool has_files = false;
  for (const auto& entry : package.entries) {
    if (is_of_macos(entry.path)) continue;
    const auto top = entry.path.substr(0, entry.path.find('/'));
    const bool is_at_top = top == entry.path && entry.kind != PackageEntry::Kind::folder;
    if (is_at_top || !leads_inside(entry.path) || (folder && *folder != top)) return std::nullopt;
    folder = top;
    has_files |= entry.kind != PackageEntry::Kind::folder;
  }
  return has_files ? folder : std::nullopt;
}

void check_layout(const Package& package, const CheckOptions* options, Findings& findings) {
  NamesCheck(package, findings).run();
  check_top(package, options, findings);
}

}  // namespace cli
