// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace proc {

/// What a fork server says on its status pipe: "WORD NUMBER NUMBER".
struct StatusLine {
  std::string word;
  unsigned long sequence = 0;  ///< which fork it is about
  int value = 0;

  friend bool operator==(const StatusLine&, const StatusLine&) = default;
};

/// nullopt: it is none. Without its line end. Pure.
std::optional<StatusLine> parse_status_line(std::string_view line);

/// Takes lines from a pipe as they come. Private to this room. Never blocks, if the descriptor does not.
class StatusLines {
 public:
  /// The next complete line, without its end; nullopt: none yet.
  std::optional<std::string> next(int fd);

 private:
  std::optional<std::string> take_line();

  std::string bytes_;
};

}  // namespace proc
