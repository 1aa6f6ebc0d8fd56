// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_files.h"

#include "cli/check/check_entry.h"
#include "cli/check/check_programs.h"
#include "cli/check/check_text.h"
#include "cli/package/entry_facts.h"
#include "handler/program/elf.h"

#include <algorithm>
#include <filesystem>
#include <string>

namespace cli {
namespace {

constexpr std::uint64_t kMostUploaded = 50U
                                        << 20U;  // zipped, where it is uploaded directly; see kMostUnpacked

/// Its findings, one entry at a time.
class EntryCheck {
 public:
  explicit EntryCheck(const CheckedEntry& checked) : checked_(checked), entry_(checked.entry) {}

  void run() {
    if (!check_name()) return;
    if (entry_.kind == PackageEntry::Kind::link) return check_link();
    if (entry_.kind == PackageEntry::Kind::other)
      return error("is neither a file nor a folder, which no package can hold. Remove it");
    check_modes();
    if (entry_.kind == PackageEntry::Kind::file) check_file();
  }

 private:
  void error(const std::string& sentence) { checked_.error(sentence); }
  void warning(const std::string& sentence) { checked_.warning(sentence); }

  bool check_name() {
    const bool is_inside = leads_inside(entry_.path);
    if (!is_inside) error("leads out of the package. Pack it anew, from inside its folder");
    return is_inside;
  }

  void check_link() {
    const auto target = entry_.read(kHead);
    if (!target) return error(target.error().message);
    if (target->starts_with('/')) {
      if (!is_there(*target, checked_.all) && !target->starts_with("/tmp/"))
        warning("links to " + *target + ", which may not be there: use a relative link into the package");
      return;
    }
    namespace fs = std::filesystem;
    const auto path = (fs::path(entry_.path).parent_path() / *target).lexically_normal();
    if (path.begin() != path.end() && *path.begin() == "..")
      return error("links to " + *target + ", out of the package. Put a copy in its place");
    auto name = path.string();
    if (name.ends_with('/')) name.pop_back();
    if (name != "." && checked_.package.find(name) == nullptr && !is_folder(name))
      warning("links to " + *target + ", which is not in the package");
  }

  /// Zips need not list folders.
  [[nodiscard]] bool is_folder(const std::string& name) const {
    return std::ranges::any_of(checked_.package.entries,
                               [&](const auto& entry) { return entry.path.starts_with(name + "/"); });
  }

  void check_modes() {
    const mode_t wanted = entry_.kind == PackageEntry::Kind::folder ? 0005 : 0004;
    if ((entry_.mode & wanted) == wanted) return;
    error("cannot be read by the function's user, who is neither owner nor group. Before packing: chmod " +
          std::string(wanted == 0005 ? "755" : "644, or 755 for a program"));
  }

  void check_file() {
    const auto head = entry_.read(kHead);
    if (!head) return error(head.error().message);
    if (const auto elf = handler::parse_elf(*head)) return check_program(checked_, *elf);
    if (!check_foreign_program(checked_, *head)) check_text(checked_, *head);
  }

  const CheckedEntry& checked_;
  const PackageEntry& entry_;
};

}  // namespace

void check_sizes(const Package& package, const std::vector<Package>& layers, Findings& findings) {
  auto unpacked = package.unpacked_size();
  for (const auto& layer : layers) unpacked += layer.unpacked_size();
  if (unpacked > kMostUnpacked)
    findings.error(package.name, 1,
                   "takes " + std::to_string(unpacked >> 20U) +
                       " MB unpacked, layers included; Lambda's limit is 250. Leave things out, or use a "
                       "container image");
  if (package.is_zip && package.file_size > kMostUploaded)
    findings.warning(
        package.name, 1,
        "has " + std::to_string(package.file_size >> 20U) +
            " MB, and may be refused: 50 is the most that is uploaded directly. Upload it by way "
            "of S3");
}

void check_entries(const Surroundings& all, const CheckOptions& options, const std::string& started,
                   Findings& findings) {
  for (const auto& entry : all.package.entries) {
    const bool is_started = !started.empty() && entry.path == started;
    EntryCheck({entry, all.package, all, options, findings, is_started}).run();
  }
  for (const auto& layer : all.layers)
    for (const auto& entry : layer.entries) EntryCheck({entry, layer, all, options, findings}).run();
}

}  // namespace cli
