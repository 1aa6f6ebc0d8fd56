// SPDX-License-Identifier: Apache-2.0
#include "cli/new/new_folder.h"

#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

base::Error fault(const fs::path& path, int code) {
  return base::errno_error("cannot write \"" + path.string() + "\"", code);
}

/// With all folders above it, each of those that are new with mode 0755.
base::Status make_folder(const fs::path& path) {
  std::error_code error;
  if (path.empty() || fs::is_directory(path, error)) return base::Done{};
  if (auto made = make_folder(path.parent_path()); !made) return made;
  if (::mkdir(path.c_str(), 0755) != 0) return fault(path, errno);
  if (::chmod(path.c_str(), 0755) != 0) return fault(path, errno);
  return base::Done{};
}

base::Status write_file(const fs::path& path, std::string_view text) {
  if (auto made = make_folder(path.parent_path()); !made) return made;
  const base::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.valid() || ::fchmod(file.get(), text.starts_with("#!") ? 0755 : 0644) != 0)
    return fault(path, errno);
  return base::write_all(file.get(), text);
}

}  // namespace

base::Status write_new_folder(const NewKind& kind, const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    return base::Error{"\"" + folder + "\" is there and no folder. Name another one"};
  if (fs::is_directory(folder, error) && !fs::is_empty(folder, error))
    return base::Error{"the folder \"" + folder + "\" is not empty. Name a new one, or an empty one"};
  for (const auto& file : new_files()) {
    if (file.kind != kind.name) continue;
    if (auto written = write_file(fs::path(folder) / file.path, file.text); !written) return written;
  }
  return base::Done{};
}

}  // namespace cli
