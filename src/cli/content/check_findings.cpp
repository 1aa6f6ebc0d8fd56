// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_findings.h"

#include "base/text/text.h"

namespace cli {

void Findings::error(const std::string& path, std::size_t line, const std::string& sentence) {
  ++errors_;
  add(path, line, ": error: ", sentence);
}

void Findings::warning(const std::string& path, std::size_t line, const std::string& sentence) {
  ++warnings_;
  add(path, line, ": warning: ", sentence);
}

void Findings::add(const std::string& path, std::size_t line, const char* kind, const std::string& sentence) {
  auto text = base::repair_utf8(path + ":" + std::to_string(line) + kind + sentence);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  lines_.push_back(std::move(text));
}

std::string Findings::text() const {
  std::string all;
  for (const auto& line : lines_) all.append(line).append("\n");
  return all;
}

}  // namespace cli
