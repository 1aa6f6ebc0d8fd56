// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace cli {

/// One of them; control characters in names are shown as "?", and what is not UTF-8 as U+FFFD.
struct Finding {
  std::string path;
  std::size_t line;
  bool is_error;
  std::string sentence;
};

/// What check has to say. Lines count from 1, which also stands for a file as a whole.
class Findings {
 public:
  void error(const std::string& path, std::size_t line, const std::string& sentence);
  void warning(const std::string& path, std::size_t line, const std::string& sentence);

  /// Whether `command` is told to be missing for the first time: then, and only then, with the way to get it.
  bool is_first(const std::string& command) { return missing_.insert(command).second; }

  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }

  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
  /// All of them, a line each.
  [[nodiscard]] std::string text() const;

 private:
  void add(const std::string& path, std::size_t line, bool is_error, const std::string& sentence);

  std::vector<Finding> all_;
  std::set<std::string> missing_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

}  // namespace cli
