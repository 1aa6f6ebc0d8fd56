// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace proc {

/// What a fork server says on its status pipe: "WORD FORK NUMBER" or "WORD FORK CALL NUMBER".
struct StatusLine {
  std::string word;
  unsigned long fork = 0;                  ///< which one it is about
  int value = 0;                           ///< the last number
  std::optional<unsigned long> call = {};  ///< where there are three

  friend bool operator==(const StatusLine&, const StatusLine&) = default;
};

/// nullopt: it is none. Without its line end. Where a shell says it by an expansion that fails, its own words
/// stand before it, up to the name of the variable, which has kSays in it, and a colon. Pure.
std::optional<StatusLine> parse_status_line(std::string_view line);
inline constexpr std::string_view kSays = "_says";

/// Takes lines from a pipe as they come. Private to this room. Never blocks, if the descriptor does not.
class StatusLines {
 public:
  /// The next complete line that is not empty, without its end; nullopt: none yet.
  std::optional<std::string> next(int fd);

 private:
  std::optional<std::string> take_line();

  std::string bytes_;
};

}  // namespace proc
