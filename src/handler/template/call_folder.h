// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/temporary_folder.h"
#include "base/io/unique_fd.h"
#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace handler {

/// The private folder of one call, which is made when it is first wanted and which nobody else may enter,
/// with the files of templates (mode 0600) and whatever the program puts beside them. Whoever has used it
/// calls remove().
class CallFolder {
 public:
  /// `parent`: where the folder goes.
  explicit CallFolder(std::string parent) : parent_(std::move(parent)) {}

  /// Its path, absolute.
  base::Result<std::string> path();

  struct Created {
    std::string path;
    base::UniqueFd fd;  ///< to write to
  };
  /// A new file; an empty `name` makes it one with a number.
  base::Result<Created> create(const std::string& name);

  struct Answer {
    base::UniqueFd fd;  ///< of a regular file, to read from
    std::size_t size;
  };
  /// Why there is none, as the end of a sentence that begins with its name: "is a link".
  struct NoAnswer {
    std::string why;
  };
  /// The file that a program was to leave at `path`, relative to the folder. Follows no link in any part of
  /// it and waits for nobody, whatever is there.
  [[nodiscard]] std::variant<Answer, NoAnswer> open_answer(std::string_view path) const;

  /// Removes it with all that is in it by now. What could not be; nullopt: there was none, or nothing is
  /// left.
  std::optional<base::TemporaryFolder::Remains> remove();

 private:
  base::Status make();

  std::string parent_;
  std::optional<base::TemporaryFolder> folder_;
  int count_ = 0;
};

}  // namespace handler
