// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// A version of the GNU C library.
struct GlibcVersion {
  int major = 0;
  int minor = 0;
  auto operator<=>(const GlibcVersion&) const = default;
};

/// The newest version of glibc's symbols (GLIBC_2.38) that a dynamic 64-bit program or library asks for.
/// `bytes`: the whole file, made by anybody: every offset is checked. nullopt: none, or not to be read.
std::optional<GlibcVersion> newest_glibc(std::string_view bytes);

}  // namespace cli
