// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_findings.h"

#include "base/text/text.h"

namespace cli {
namespace {

std::string printable(const std::string& text) {
  auto shown = base::repair_utf8(text);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return shown;
}

}  // namespace

void Findings::error(const std::string& path, std::size_t line, const std::string& sentence) {
  ++errors_;
  add(path, line, true, sentence);
}

void Findings::warning(const std::string& path, std::size_t line, const std::string& sentence) {
  ++warnings_;
  add(path, line, false, sentence);
}

void Findings::add(const std::string& path, std::size_t line, bool is_error, const std::string& sentence) {
  all_.push_back({printable(path), line, is_error, printable(sentence)});
}

std::string Findings::text() const {
  std::string text;
  for (const auto& finding : all_)
    text.append(finding.path + ":" + std::to_string(finding.line))
        .append(finding.is_error ? ": error: " : ": warning: ")
        .append(finding.sentence + "\n");
  return text;
}

}  // namespace cli
