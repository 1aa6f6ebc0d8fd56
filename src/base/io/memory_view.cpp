// SPDX-License-Identifier: Apache-2.0
#include "base/io/memory_view.h"

#include <sys/mman.h>

#include <cerrno>
#include <utility>

namespace base {
namespace {

// One read is cheaper than mapping, page faults and unmapping up to about here.
constexpr std::size_t kLargestCopy = 64 * 1024;

}  // namespace

Result<MemoryView> MemoryView::of(const MemoryFile& file) {
  if (file.size() <= kLargestCopy) {
    auto text = file.text();
    if (!text) return text.error();
    return MemoryView(*std::move(text));
  }
  void* mapped = ::mmap(nullptr, file.size(), PROT_READ, MAP_PRIVATE, file.fd(), 0);
  if (mapped == MAP_FAILED) return errno_error("cannot map a memory file", errno);
  return MemoryView(mapped, file.size());
}

MemoryView::MemoryView(MemoryView&& other) noexcept
    : copy_(std::move(other.copy_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MemoryView::~MemoryView() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
}

std::string_view MemoryView::bytes() const {
  if (mapped_ == nullptr) return copy_;
  return {static_cast<const char*>(mapped_), size_};
}

}  // namespace base
