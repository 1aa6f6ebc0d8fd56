// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.h"
#include "cli/check_inflate.h"
#include "cli/check_package.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

// Zip files as of PKWARE's APPNOTE, read from the end: what the central directory lists is what gets
// unpacked. Foreign bytes: every offset is checked, and nothing is believed about sizes before memory is
// taken for them.
namespace cli {
namespace {

constexpr std::uint64_t kEndSize = 22;  // of the end record, with an empty comment
constexpr std::uint64_t kLongestComment = 65535;
constexpr std::uint64_t kDirectoryLimit = 64U << 20U;  // half a million entries
constexpr std::uint64_t kDataLimit = 512U << 20U;      // compressed data of one entry
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kLocalSize = 30;

/// An open file that entries share.
class ZipFile {
 public:
  explicit ZipFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status {};
    if (fd_.valid() && ::fstat(fd_.get(), &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// nullopt: not all of it is there.
  [[nodiscard]] std::optional<std::string> bytes(std::uint64_t offset, std::uint64_t count) const {
    if (offset > size_ || count > size_ - offset) return std::nullopt;
    std::string text(count, '\0');
    for (std::size_t done = 0; done < count;) {
      const auto got =
          ::pread(fd_.get(), text.data() + done, count - done, static_cast<off_t>(offset + done));
      if (got <= 0) return std::nullopt;
      done += static_cast<std::size_t>(got);
    }
    return text;
  }

 private:
  base::UniqueFd fd_;
  std::uint64_t size_ = 0;
};

/// A little-endian number; the caller knows that it is there.
std::uint32_t number(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  return value;
}

struct Location {
  std::shared_ptr<const ZipFile> file;
  std::uint32_t offset = 0;  ///< of the local header
  std::uint32_t packed = 0;
  std::uint32_t unpacked = 0;
  std::uint32_t method = 0;
  bool is_encrypted = false;
};

base::Result<std::string> read_entry(const Location& at, std::uint64_t limit) {
  const base::Error broken{"is broken in the zip file. Pack it anew"};
  if (at.is_encrypted)
    return base::Error{"is encrypted, which Lambda cannot unpack. Pack it without a password"};
  if (at.method != 0 && at.method != 8)
    return base::Error{"is packed with method " + std::to_string(at.method) + "; use deflate, as zip does"};
  const auto local = at.file->bytes(at.offset, kLocalSize);
  if (!local || !local->starts_with("PK\3\4") || at.packed > kDataLimit) return broken;
  const std::uint64_t start =
      std::uint64_t{at.offset} + kLocalSize + number(*local, 26, 2) + number(*local, 28, 2);
  if (at.method == 0) {
    auto stored = at.file->bytes(start, std::min<std::uint64_t>(limit, at.packed));
    return stored ? base::Result<std::string>(*std::move(stored)) : broken;
  }
  const auto packed = at.file->bytes(start, at.packed);
  auto text = packed ? inflate(*packed, std::min<std::uint64_t>(limit, at.unpacked)) : std::nullopt;
  return text ? base::Result<std::string>(*std::move(text)) : broken;
}

PackageEntry::Kind kind_of(const PackageEntry& entry, std::uint32_t unix_mode) {
  if (S_ISLNK(unix_mode)) return PackageEntry::Kind::link;
  if (entry.path.ends_with('/')) return PackageEntry::Kind::folder;
  return PackageEntry::Kind::file;
}

/// Zips from elsewhere than Unix say nothing of modes: files are unpacked without run bit.
PackageEntry make_entry(std::string_view record, std::string name, std::shared_ptr<const ZipFile> file) {
  const bool is_unix = record[5] == 3;
  const auto unix_mode = is_unix ? number(record, 38, 4) >> 16U : 0;
  PackageEntry entry;
  entry.path = std::move(name);
  entry.kind = kind_of(entry, unix_mode);
  while (entry.path.ends_with('/')) entry.path.pop_back();
  const bool is_folder = entry.kind == PackageEntry::Kind::folder;
  entry.mode = unix_mode != 0 ? unix_mode & 07777U : (is_folder ? 0755U : 0644U);
  entry.size = is_folder ? 0 : number(record, 24, 4);
  const Location at{std::move(file),       number(record, 42, 4), number(record, 20, 4),
                    number(record, 24, 4), number(record, 10, 2), (number(record, 8, 2) & 1U) != 0};
  entry.read = [at](std::uint64_t limit) { return read_entry(at, limit); };
  return entry;
}

/// The last end record of the file.
std::optional<std::string> find_end(const ZipFile& file) {
  const auto tail_size = std::min(file.size(), kEndSize + kLongestComment);
  const auto tail = file.bytes(file.size() - tail_size, tail_size);
  if (!tail) return std::nullopt;
  const auto at = tail->rfind("PK\5\6");
  if (at == std::string::npos || tail->size() - at < kEndSize) return std::nullopt;
  return tail->substr(at, kEndSize);
}

}  // namespace

base::Result<Package> open_zip(const std::string& path) {
  const auto file = std::make_shared<const ZipFile>(path);
  const base::Error broken{"\"" + path + "\" is no zip file, or a broken one"};
  const auto end = find_end(*file);
  if (!end || number(*end, 12, 4) > kDirectoryLimit) return broken;
  const auto directory = file->bytes(number(*end, 16, 4), number(*end, 12, 4));
  if (!directory) return broken;
  Package package{path, true, file->size(), {}};
  for (std::string_view rest = *directory; !rest.empty();) {
    if (rest.size() < kEntrySize || !rest.starts_with("PK\1\2")) return broken;
    const std::size_t name = number(rest, 28, 2);
    const std::size_t all = kEntrySize + name + number(rest, 30, 2) + number(rest, 32, 2);
    if (rest.size() < all) return broken;
    package.entries.push_back(make_entry(rest, std::string(rest.substr(kEntrySize, name)), file));
    rest.remove_prefix(all);
  }
  return package;
}

}  // namespace cli
