// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_zip.h"

#include "base/io/memory_file.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

namespace cli {
namespace {

constexpr std::uint64_t kStored = 0;
constexpr std::uint64_t kDeflated = 8;
constexpr std::uint64_t kVersion = 20;         // of the format: what knows deflate and folders
constexpr std::uint64_t kMadeOnUnix = 3 << 8;  // so that modes are read
constexpr std::uint64_t kUtf8Name = 1 << 11;
constexpr std::uint64_t kFirstDate = 0x21;  // 1980-01-01, as MS-DOS has it
constexpr std::uint64_t kRegularFile = 0100000;
constexpr std::uint64_t kMostBytes = 0xfffffffe;  // the next one means Zip64

/// Little-endian.
std::string number(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
  return bytes;
}

/// zlib's state, ended with its owner.
class Deflater {
 public:
  Deflater()
      : is_ready_(deflateInit2(&stream_, kBest, Z_DEFLATED, kRaw, kMemory, Z_DEFAULT_STRATEGY) == Z_OK) {}
  ~Deflater() {
    if (is_ready_) deflateEnd(&stream_);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  /// nullopt: there is no memory for it.
  std::optional<std::string> all(std::string_view bytes) {
    if (!is_ready_) return std::nullopt;
    std::string packed(deflateBound(&stream_, bytes.size()), '\0');
    // zlib does not write to what it reads, whatever the type says.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return std::nullopt;
    packed.resize(stream_.total_out);
    return packed;
  }

 private:
  static constexpr int kBest = 9;
  static constexpr int kRaw = -15;   // the widest window, and no header of zlib's
  static constexpr int kMemory = 8;  // zlib's default

  z_stream stream_{};
  bool is_ready_;
};

std::uint64_t checksum(std::string_view bytes) {
  return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

/// What the local header and the directory say of an entry in the same words, from "version needed" on.
std::string common_part(std::string_view path, std::string_view bytes, std::uint64_t packed,
                        std::uint64_t method) {
  const bool is_ascii = std::ranges::all_of(path, [](char c) { return static_cast<signed char>(c) >= 0; });
  return number(kVersion, 2) + number(is_ascii ? 0 : kUtf8Name, 2) + number(method, 2) + number(0, 2) +
         number(kFirstDate, 2) + number(checksum(bytes), 4) + number(packed, 4) + number(bytes.size(), 4) +
         number(path.size(), 2) + number(0, 2);
}

std::string directory_record(std::string_view path, const std::string& common, bool is_executable,
                             std::uint64_t offset) {
  const auto mode = kRegularFile | (is_executable ? 0755U : 0644U);
  return "PK\1\2" + number(kMadeOnUnix | kVersion, 2) + common + number(0, 6) + number(mode << 16U, 4) +
         number(offset, 4) + std::string(path);
}

}  // namespace

base::Status ZipWriter::write(std::string_view bytes) {
  offset_ += bytes.size();
  return base::write_all(fd_, bytes);
}

base::Status ZipWriter::add(std::string_view path, bool is_executable, std::string_view bytes) {
  if (count_ == kMostEntries || bytes.size() > kMostBytes || offset_ > kMostBytes - bytes.size())
    return base::Error{"too much for a zip file: 65535 files and 4 GB are the most. Leave things out"};
  const auto packed = Deflater().all(bytes);
  if (!packed) return base::Error{"there is no memory to pack " + std::string(path)};
  const bool is_smaller = packed->size() < bytes.size();
  const auto data = is_smaller ? std::string_view(*packed) : bytes;
  const auto common = common_part(path, bytes, data.size(), is_smaller ? kDeflated : kStored);
  directory_ += directory_record(path, common, is_executable, offset_);
  ++count_;
  if (auto written = write("PK\3\4" + common + std::string(path)); !written) return written;
  return write(data);
}

base::Status ZipWriter::finish() {
  const auto end = "PK\5\6" + number(0, 4) + number(count_, 2) + number(count_, 2) +
                   number(directory_.size(), 4) + number(offset_, 4) + number(0, 2);
  return write(directory_ + end);
}

}  // namespace cli
