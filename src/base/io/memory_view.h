// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

/// The bytes of a MemoryFile to look at: small ones copied, large ones mapped, so that they are never on the
/// heap. The file must not change meanwhile. Move only.
class MemoryView {
 public:
  static Result<MemoryView> of(const MemoryFile& file);

  MemoryView(MemoryView&& other) noexcept;
  MemoryView& operator=(MemoryView&&) = delete;
  ~MemoryView();

  [[nodiscard]] std::string_view bytes() const;

 private:
  explicit MemoryView(std::string copy) : copy_(std::move(copy)) {}
  MemoryView(void* mapped, std::size_t size) : mapped_(mapped), size_(size) {}

  std::string copy_;
  void* mapped_ = nullptr;  ///< nullptr: copied
  std::size_t size_ = 0;
};

}  // namespace base
