// SPDX-License-Identifier: Apache-2.0
#include "base/io/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace base {
namespace {

constexpr std::size_t kCopyChunk = 64 * 1024;

}  // namespace

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_error("cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Done{};
}

Result<MemoryFile> MemoryFile::create(const char* label) {
  UniqueFd fd(::memfd_create(label, MFD_CLOEXEC));
  if (!fd.valid()) return errno_error("cannot create a memory file", errno);
  return MemoryFile(std::move(fd));
}

Status MemoryFile::append(std::string_view bytes) {
  auto written = write_all(fd_.get(), bytes);
  if (written) size_ += bytes.size();
  return written;
}

Status MemoryFile::append_from(const MemoryFile& other) {
  const std::size_t chunk = std::min(other.size(), kCopyChunk);
  const auto buffer = std::make_unique_for_overwrite<char[]>(chunk);
  for (std::size_t copied = 0; copied < other.size();) {
    const auto got = other.read_at(copied, {buffer.get(), chunk});
    if (!got) return got.error();
    if (*got == 0) break;
    if (auto appended = append({buffer.get(), *got}); !appended) return appended;
    copied += *got;
  }
  return Done{};
}

Status MemoryFile::clear() {
  if (::ftruncate(fd_.get(), 0) != 0) return errno_error("cannot empty a memory file", errno);
  size_ = 0;
  return rewind();
}

Result<std::size_t> MemoryFile::read_at(std::size_t offset, std::span<char> buffer) const {
  const ssize_t got = ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
  if (got < 0) return errno_error("cannot read a memory file", errno);
  return static_cast<std::size_t>(got);
}

Result<std::size_t> MemoryFile::measure() {
  struct stat found {};
  if (::fstat(fd_.get(), &found) != 0) return errno_error("cannot measure a memory file", errno);
  return size_ = static_cast<std::size_t>(found.st_size);
}

Result<MemoryFile> MemoryFile::share() const {
  MemoryFile shared(UniqueFd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)));
  if (!shared.fd_.valid()) return errno_error("cannot share a memory file", errno);
  shared.size_ = size_;
  return shared;
}

bool MemoryFile::same_bytes(const MemoryFile& other) const {
  if (size_ != other.size_) return false;
  const std::size_t chunk = std::min(size_, kCopyChunk);
  const auto buffer = std::make_unique_for_overwrite<char[]>(2 * chunk);
  for (std::size_t compared = 0; compared < size_;) {
    const auto mine = read_at(compared, {buffer.get(), chunk});
    const auto others = other.read_at(compared, {buffer.get() + chunk, chunk});
    if (!mine || !others || *mine == 0 || *mine != *others) return false;
    if (std::memcmp(buffer.get(), buffer.get() + chunk, *mine) != 0) return false;
    compared += *mine;
  }
  return true;
}

Result<std::string> MemoryFile::text() const {
  std::string bytes(size_, '\0');
  std::size_t filled = 0;
  while (filled < size_) {
    const auto got = read_at(filled, std::span(bytes).subspan(filled));
    if (!got) return got.error();
    if (*got == 0) break;
    filled += *got;
  }
  bytes.resize(filled);
  return bytes;
}

Status MemoryFile::rewind() {
  if (::lseek(fd_.get(), 0, SEEK_SET) < 0) return errno_error("cannot rewind a memory file", errno);
  return Done{};
}

}  // namespace base
