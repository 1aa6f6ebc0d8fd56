// SPDX-License-Identifier: Apache-2.0
#include "cli/check_files.h"

#include "base/text.h"
#include "cli/check_elf.h"
#include "cli/check_uses.h"
#include "cli/entry_facts.h"
#include "handler/elf.h"
#include "handler/shebang.h"

#include <elf.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

namespace cli {
namespace {

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB unzipped with all layers,
// 50 MB zipped where it is uploaded directly; MB are 2^20 bytes there.
constexpr std::uint64_t kMostUnpacked = 250U << 20U;
constexpr std::uint64_t kMostUploaded = 50U << 20U;
constexpr GlibcVersion kGlibc{2, 34};  // of Amazon Linux 2023

/// Its findings, one entry at a time.
class EntryCheck {
 public:
  EntryCheck(const PackageEntry& entry, const Surroundings& all, const CheckOptions& options,
             Findings& findings)
      : entry_(entry), all_(all), options_(options), findings_(findings) {}

  void run() {
    if (!check_name()) return;
    if (entry_.kind == PackageEntry::Kind::link) return check_link();
    if (entry_.kind == PackageEntry::Kind::other)
      return error("is neither a file nor a folder, which no package can hold. Remove it");
    check_modes();
    if (entry_.kind == PackageEntry::Kind::file) check_file();
  }

 private:
  void error(const std::string& sentence) { findings_.error(entry_.path, 1, sentence); }
  void warning(const std::string& sentence) { findings_.warning(entry_.path, 1, sentence); }

  bool check_name() {
    const auto parts = base::split(entry_.path, '/');
    const bool is_inside = !entry_.path.empty() && !entry_.path.starts_with('/') &&
                           std::ranges::find(parts, std::string_view("..")) == parts.end() &&
                           entry_.path.find('\0') == std::string::npos;
    if (!is_inside) error("leads out of the package. Pack it anew, from inside its folder");
    return is_inside;
  }

  void check_link() {
    const auto target = entry_.read(kHead);
    if (!target) return error(target.error().message);
    if (target->starts_with('/')) {
      if (!is_there(*target, all_) && !target->starts_with("/tmp/"))
        warning("links to " + *target + ", which may not be there: use a relative link into the package");
      return;
    }
    namespace fs = std::filesystem;
    const auto path = (fs::path(entry_.path).parent_path() / *target).lexically_normal();
    if (path.begin() != path.end() && *path.begin() == "..")
      return error("links to " + *target + ", out of the package. Put a copy in its place");
    auto name = path.string();
    if (name.ends_with('/')) name.pop_back();
    if (name != "." && all_.package.find(name) == nullptr && !is_folder(name))
      warning("links to " + *target + ", which is not in the package");
  }

  /// Zips need not list folders.
  [[nodiscard]] bool is_folder(const std::string& name) const {
    return std::ranges::any_of(all_.package.entries,
                               [&](const auto& entry) { return entry.path.starts_with(name + "/"); });
  }

  void check_modes() {
    const mode_t wanted = entry_.kind == PackageEntry::Kind::folder ? 0005 : 0004;
    if ((entry_.mode & wanted) == wanted) return;
    error("cannot be read by the function's user, who is neither owner nor group. Before packing: chmod " +
          std::string(wanted == 0005 ? "755" : "644, or 755 for programs,"));
  }

  void check_file() {
    const auto head = entry_.read(kHead);
    if (!head) return error(head.error().message);
    if (const auto elf = handler::parse_elf(*head)) return check_program(*elf);
    const auto shebang = handler::parse_shebang(*head);
    if (shebang) check_shebang(*shebang);
    if (shebang || is_shell_script(entry_, *head)) check_line_ends();
    if (const auto scan = all_.scripts.find(entry_.path); scan != all_.scripts.end())
      check_uses(entry_.path, scan->second, all_, findings_);
  }

  void check_program(const handler::ElfHead& elf) {
    const bool starts = !elf.interpreter.empty() || file_name(entry_.path).find('.') == std::string::npos;
    if (starts && !can_run(entry_)) error("is a program without the run bit. Before packing: chmod +x");
    if (elf.machine != (options_.is_arm ? EM_AARCH64 : EM_X86_64))
      error("was built for " + handler::machine_name(elf.machine) + ", but the function is for " +
            (options_.is_arm ? "arm64" : "x86_64") + ". Build it for that, or change --arch");
    else if (!elf.interpreter.empty() && !has_loader(elf.interpreter))
      error("needs the dynamic loader " + elf.interpreter + ", which is not there. Link it statically");
    else
      check_glibc();
  }

  [[nodiscard]] bool has_loader(const std::string& loader) const {
    return loader == (options_.is_arm ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2") ||
           is_there(loader, all_);
  }

  /// A package with a C library of its own starts its programs with that one.
  [[nodiscard]] bool brings_glibc() const {
    return std::ranges::any_of(all_.package.entries,
                               [](const auto& entry) { return file_name(entry.path) == "libc.so.6"; });
  }

  void check_glibc() {
    if (brings_glibc()) return;
    const auto bytes = entry_.read(kMostUnpacked);
    if (!bytes) return error(bytes.error().message);
    const auto newest = newest_glibc(*bytes);
    if (!newest || *newest <= kGlibc) return;
    error("needs glibc " + std::to_string(newest->major) + "." + std::to_string(newest->minor) +
          ", but provided.al2023 has 2.34. Build it on Amazon Linux 2023, or link it statically");
  }

  void check_shebang(const handler::Shebang& shebang) {
    if (!can_run(entry_))
      warning("has a #! line but no run bit, so it may not start. Before packing: chmod +x");
    const auto interpreter = interpreter_of(shebang);
    const auto text = entry_.read(kLongestScript);
    const auto needs = text ? declared_needs(*text) : std::set<std::string>();
    if (needs.contains(file_name(interpreter))) return;
    const bool is_found = interpreter.find('/') == std::string::npos ? is_command(interpreter, all_)
                                                                     : is_there(interpreter, all_);
    if (!is_found)
      warning("its interpreter " + interpreter + " may be missing" + lacking_in_image() +
              " Bring it in a layer (--layer), or declare it: # needs: " + file_name(interpreter));
  }

  void check_line_ends() {
    const auto text = entry_.read(kLongestScript);
    const auto at = text ? text->find("\r\n") : std::string::npos;
    if (at == std::string::npos) return;
    const auto line = std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    findings_.error(entry_.path, static_cast<std::size_t>(line),
                    "ends in CR LF, which shells and the kernel take for a part of the word. Convert the "
                    "file: sed -i 's/\\r$//'");
  }

  const PackageEntry& entry_;
  const Surroundings& all_;
  const CheckOptions& options_;
  Findings& findings_;
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

void check_entries(const Surroundings& all, const CheckOptions& options, Findings& findings) {
  for (const auto& entry : all.package.entries) EntryCheck(entry, all, options, findings).run();
}

}  // namespace cli
