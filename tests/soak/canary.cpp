// SPDX-License-Identifier: Apache-2.0
#include "canary.h"

#include <filesystem>
#include <fstream>
#include <random>

namespace soak {

std::string random_canary() {
  constexpr const char* kDigits = "0123456789abcdef";
  std::random_device random;
  std::string text = "canary-";
  for (int i = 0; i < 32; ++i) text += kDigits[random() % 16];
  return text;
}

std::size_t size_of_file(const std::string& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  return missing ? 0 : size;
}

std::size_t count_lines_with(const std::string& text, const std::string& file, std::size_t from) {
  std::ifstream in(file);
  in.seekg(static_cast<std::streamoff>(from));
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);)
    if (line.find(text) != std::string::npos) ++count;
  return count;
}

}  // namespace soak
