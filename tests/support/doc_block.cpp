// SPDX-License-Identifier: Apache-2.0
#include "support/doc_block.h"

#include "support/paths.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace support {

std::string doc_block(std::string_view page, std::string_view heading) {
  std::ifstream file(source_dir() + "/docs/" + std::string(page));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto section = text.find("\n" + std::string(heading) + "\n");
  const auto fence = section == std::string::npos ? section : text.find("\n```", section);
  const auto start = fence == std::string::npos ? fence : text.find('\n', fence + 1);
  const auto end = start == std::string::npos ? start : text.find("\n```", start);
  if (end == std::string::npos) {
    std::fprintf(stderr, "docs/%s has no code below \"%s\"\n", std::string(page).c_str(),
                 std::string(heading).c_str());
    std::abort();
  }
  return text.substr(start + 1, end - start);
}

}  // namespace support
