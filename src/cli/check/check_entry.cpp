// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_entry.h"

namespace cli {

void CheckedEntry::error(const std::string& sentence, std::size_t line) const {
  findings.error(shown_path(), line, sentence);
}

void CheckedEntry::warning(const std::string& sentence, std::size_t line) const {
  findings.warning(shown_path(), line, sentence);
}

std::string CheckedEntry::shown_path() const {
  return is_in_layer() ? package.name + "/" + entry.path : entry.path;
}

}  // namespace cli
