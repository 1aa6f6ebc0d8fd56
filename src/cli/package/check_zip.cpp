// SPDX-License-Identifier: Apache-2.0
#include "base/io/unique_fd.h"
#include "base/text/text.h"
#include "cli/package/check_inflate.h"
#include "cli/package/check_package.h"

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
constexpr std::uint64_t kElsewhere = 0xffffffff;  // a number that needs Zip64
constexpr std::uint64_t kZip64Field = 1;
constexpr std::uint64_t kLargest = std::uint64_t{1} << 44U;  // 16 TB: all entries together still have a sum
constexpr std::uint64_t kLocatorSize = 20;                   // before the end record: where that of Zip64 is
constexpr std::uint64_t kWideEndSize = 56;

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

/// A little-endian number of 8 bytes at most; the caller knows that it is there.
std::uint64_t number(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  return value;
}

struct Location {
  std::shared_ptr<const ZipFile> file;
  std::uint64_t offset = 0;  ///< of the local header
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  std::uint64_t method = 0;
  bool is_encrypted = false;
};

/// The extra field of Zip64: what the record has no room for stands there, in this order. False: it is not
/// there.
bool take_wide(std::string_view extra, Location& at) {
  while (extra.size() >= 4 && number(extra, 0, 2) != kZip64Field)
    extra.remove_prefix(std::min<std::size_t>(extra.size(), 4 + number(extra, 2, 2)));
  if (extra.size() >= 4) extra = extra.substr(4, number(extra, 2, 2));
  for (auto* value : {&at.unpacked, &at.packed, &at.offset}) {
    if (*value != kElsewhere) continue;
    if (extra.size() < 8) return false;
    *value = number(extra, 0, 8);
    if (*value > kLargest) return false;
    extra.remove_prefix(8);
  }
  return true;
}

base::Result<std::string> read_entry(const Location& at, std::uint64_t limit) {
  const base::Error broken{"is broken in the zip file. Pack it anew"};
  if (at.is_encrypted)
    return base::Error{"is encrypted, which Lambda cannot unpack. Pack it without a password"};
  if (at.method != 0 && at.method != 8)
    return base::Error{"is packed with method " + std::to_string(at.method) + "; use deflate, as zip does"};
  const auto local = at.file->bytes(at.offset, kLocalSize);
  if (!local || !local->starts_with("PK\3\4") || at.packed > kDataLimit) return broken;
  const auto start = at.offset + kLocalSize + number(*local, 26, 2) + number(*local, 28, 2);
  if (at.method == 0) {
    auto stored = at.file->bytes(start, std::min<std::uint64_t>(limit, at.packed));
    return stored ? base::Result<std::string>(*std::move(stored)) : broken;
  }
  const auto packed = at.file->bytes(start, at.packed);
  auto text = packed ? inflate(*packed, std::min<std::uint64_t>(limit, at.unpacked)) : std::nullopt;
  return text ? base::Result<std::string>(*std::move(text)) : broken;
}

/// Without "./", empty parts and slashes at the end, which no unpacker makes anything of. Windows'
/// backslashes are taken for what they are meant to be.
std::string path_of(std::string name, bool has_backslashes) {
  if (has_backslashes) std::ranges::replace(name, '\\', '/');
  std::string path = name.starts_with('/') ? "/" : "";
  for (const auto part : base::split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (!path.empty() && path != "/") path.push_back('/');
    path.append(part);
  }
  return path;
}

/// Zips from elsewhere than Unix say nothing of modes: files are unpacked without run bit.
PackageEntry make_entry(std::string_view record, std::string name, const Location& at) {
  PackageEntry entry;
  entry.has_modes = record[5] == 3;
  entry.has_backslashes = !entry.has_modes && name.find('\\') != std::string::npos;
  const auto unix_mode = entry.has_modes ? static_cast<std::uint32_t>(number(record, 38, 4) >> 16U) : 0;
  entry.kind = S_ISLNK(unix_mode) ? PackageEntry::Kind::link : PackageEntry::Kind::file;
  if (name.ends_with('/') || (entry.has_backslashes && name.ends_with('\\')))
    entry.kind = PackageEntry::Kind::folder;
  entry.path = path_of(std::move(name), entry.has_backslashes);
  const bool is_folder = entry.kind == PackageEntry::Kind::folder;
  entry.mode = unix_mode != 0 ? unix_mode & 07777U : (is_folder ? 0755U : 0644U);
  entry.size = is_folder ? 0 : at.unpacked;
  entry.read = [at](std::uint64_t limit) { return read_entry(at, limit); };
  return entry;
}

/// Where the central directory is.
struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// What Zip64 says of it, by way of the locator that stands before the end record.
std::optional<Directory> find_wide(const ZipFile& file, std::uint64_t end_record) {
  if (end_record < kLocatorSize) return std::nullopt;
  const auto locator = file.bytes(end_record - kLocatorSize, kLocatorSize);
  if (!locator || !locator->starts_with("PK\6\7")) return std::nullopt;
  const auto end = file.bytes(number(*locator, 8, 8), kWideEndSize);
  if (!end || !end->starts_with("PK\6\6")) return std::nullopt;
  return Directory{number(*end, 48, 8), number(*end, 40, 8)};
}

/// As the last end record of the file has it.
std::optional<Directory> find_directory(const ZipFile& file) {
  const auto tail_size = std::min(file.size(), kEndSize + kLongestComment);
  const auto tail = file.bytes(file.size() - tail_size, tail_size);
  if (!tail) return std::nullopt;
  const auto at = tail->rfind("PK\5\6");
  if (at == std::string::npos || tail->size() - at < kEndSize) return std::nullopt;
  const auto end = std::string_view(*tail).substr(at);
  const Directory found{number(end, 16, 4), number(end, 12, 4)};
  const bool is_wide = found.offset == kElsewhere || found.size == kElsewhere || number(end, 10, 2) == 0xffff;
  const auto wide = is_wide ? find_wide(file, file.size() - tail_size + at) : std::nullopt;
  return wide ? wide : found;
}

/// The entry at the front of `rest`, which goes behind it. nullopt: broken.
std::optional<PackageEntry> take_entry(std::string_view& rest, const std::shared_ptr<const ZipFile>& file) {
  if (rest.size() < kEntrySize || !rest.starts_with("PK\1\2")) return std::nullopt;
  const std::size_t name = number(rest, 28, 2);
  const std::size_t extra = number(rest, 30, 2);
  const std::size_t all = kEntrySize + name + extra + number(rest, 32, 2);
  if (rest.size() < all) return std::nullopt;
  Location at{file,
              number(rest, 42, 4),
              number(rest, 20, 4),
              number(rest, 24, 4),
              number(rest, 10, 2),
              (number(rest, 8, 2) & 1U) != 0};
  if (!take_wide(rest.substr(kEntrySize + name, extra), at)) return std::nullopt;
  auto entry = make_entry(rest, std::string(rest.substr(kEntrySize, name)), at);
  rest.remove_prefix(all);
  return entry;
}

}  // namespace

base::Result<Package> open_zip(const std::string& path) {
  const auto file = std::make_shared<const ZipFile>(path);
  const base::Error broken{"\"" + path + "\" is no zip file, or a broken one"};
  const auto place = find_directory(*file);
  if (!place || place->size > kDirectoryLimit) return broken;
  const auto directory = file->bytes(place->offset, place->size);
  if (!directory) return broken;
  Package package{path, true, file->size(), {}};
  for (std::string_view rest = *directory; !rest.empty();) {
    auto entry = take_entry(rest, file);
    if (!entry) return broken;
    package.entries.push_back(*std::move(entry));
  }
  return package;
}

}  // namespace cli
