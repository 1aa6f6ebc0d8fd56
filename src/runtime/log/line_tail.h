// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

/// Remembers the end of a stream for an error's stackTrace: at most 20 lines and 8 KiB.
class LineTail {
 public:
  static constexpr std::size_t kLines = 20;
  static constexpr std::size_t kBytes = 8 * 1024;
  /// One byte more says whether the first of those begins a character.
  static constexpr std::size_t kKept = kBytes + 1;

  void add(std::string_view bytes);

  /// Whatever bytes they are made of; only where 8 KiB begin no character is torn.
  [[nodiscard]] std::vector<std::string> lines() const;

  /// The same where they are UTF-8, else none. A character that is torn at the very end is left out: it is of
  /// a program that was ended while it wrote.
  [[nodiscard]] std::vector<std::string> lines_of_text() const;

 private:
  [[nodiscard]] std::string_view excerpt() const;

  std::string bytes_;
};

}  // namespace runtime
