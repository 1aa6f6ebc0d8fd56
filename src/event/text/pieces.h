// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "base/result.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace event {

/// A multiple of 3, so that pieces of base64 join.
inline constexpr std::size_t kPieceSize = 48 * 1024;

/// Calls `take(std::string_view)`, which answers with a Status, for the bytes of `spool` from `offset` on:
/// pieces of kPieceSize, and last a smaller one. Ends with the first Status that is none of success.
template <typename Take>
base::Status for_each_piece(const base::Spool& spool, std::size_t offset, Take take) {
  if (offset >= spool.size()) return base::Done{};
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceSize);
  while (offset < spool.size()) {
    std::size_t filled = 0;
    while (filled < kPieceSize && offset + filled < spool.size()) {
      const auto got = spool.read_at(offset + filled, {buffer.get() + filled, kPieceSize - filled});
      if (!got) return got.error();
      if (*got == 0) return base::Error{"a payload is shorter than it was"};
      filled += *got;
    }
    if (auto taken = take(std::string_view(buffer.get(), filled)); !taken) return taken;
    offset += filled;
  }
  return base::Done{};
}

}  // namespace event
