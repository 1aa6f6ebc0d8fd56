// SPDX-License-Identifier: Apache-2.0
#include "cli/package/check_package.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

base::Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return base::Error{"cannot be read"};
  std::string bytes(std::min<std::uint64_t>(limit, size), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

base::Result<std::string> read_target(const std::string& path) {
  std::error_code error;
  auto target = fs::read_symlink(path, error).string();
  if (error) return base::Error{"cannot be read"};
  return target;
}

PackageEntry::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return PackageEntry::Kind::file;
  if (S_ISDIR(mode)) return PackageEntry::Kind::folder;
  return S_ISLNK(mode) ? PackageEntry::Kind::link : PackageEntry::Kind::other;
}

base::Result<Package> open_folder(const std::string& path) {
  Package package;
  package.name = path;
  std::error_code error;
  fs::recursive_directory_iterator walk(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error))
    package.entries.push_back(
        make_entry(walk->path().string(), walk->path().lexically_relative(path).string()));
  if (error) return base::Error{"the folder \"" + path + "\": " + error.message()};
  std::ranges::sort(package.entries, {}, &PackageEntry::path);
  return package;
}

}  // namespace

PackageEntry make_entry(const std::string& path, std::string name) {
  struct stat status {};
  PackageEntry entry;
  entry.path = std::move(name);
  entry.kind = ::lstat(path.c_str(), &status) == 0 ? kind_of(status.st_mode) : PackageEntry::Kind::other;
  entry.mode = status.st_mode & 07777;
  if (entry.kind == PackageEntry::Kind::file) entry.size = static_cast<std::uint64_t>(status.st_size);
  entry.read = [path, is_link = entry.kind == PackageEntry::Kind::link](std::uint64_t limit) {
    return is_link ? read_target(path) : read_file(path, limit);
  };
  return entry;
}

const PackageEntry* Package::find(const std::string& path) const {
  const auto found = std::ranges::find(entries, path, &PackageEntry::path);
  return found == entries.end() ? nullptr : &*found;
}

std::uint64_t Package::unpacked_size() const {
  std::uint64_t all = 0;
  for (const auto& entry : entries) all += entry.size;
  return all;
}

base::Result<Package> open_package(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return open_folder(path);
  if (!fs::is_regular_file(path, error))
    return base::Error{"\"" + path + "\" is neither a folder nor a zip file"};
  return open_zip(path);
}

}  // namespace cli
