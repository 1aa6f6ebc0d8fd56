// SPDX-License-Identifier: Apache-2.0
#include "handler/program/line_ends.h"

#include <fstream>

namespace handler {
namespace {

constexpr std::size_t kSearched = std::size_t{1024} * 1024;

}  // namespace

bool has_carriage_returns(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kSearched, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text.find("\r\n") != std::string::npos;
}

std::string how_to_convert_line_ends(const std::string& path) {
  return "Convert the file: sed -i 's/\\r$//' " + path;
}

}  // namespace handler
