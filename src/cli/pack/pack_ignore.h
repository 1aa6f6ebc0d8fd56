// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// A file of patterns that says what pack leaves out, in a part of gitignore's language: a pattern a line,
/// blank lines and such as begin with "#" are none; `*` and `?` stop at a slash, `**` does not; a slash at
/// the front or inside ties a pattern to the top, one at the end lets it name folders only; "!" takes back
/// what an earlier line named, and the last line that fits counts. What is in a folder that is left out stays
/// out. What git knows besides, `[a-z]` and backslashes, is refused, or it would mean something else in
/// silence.
class PackIgnore {
 public:
  PackIgnore() = default;

  /// An error is a sentence that begins with the line: "line 3: …".
  static base::Result<PackIgnore> parse(std::string_view text);

  /// Whether the file at `path`, relative to the folder, is left out: by itself or by a folder above it.
  [[nodiscard]] bool leaves_out(std::string_view path) const;

 private:
  struct Rule {
    std::string pattern;  ///< for the whole path from the top
    bool folders_only = false;
    bool takes_back = false;
  };

  static Rule make_rule(std::string_view line);
  [[nodiscard]] bool names(std::string_view path, bool is_folder) const;

  std::vector<Rule> rules_;
};

}  // namespace cli
