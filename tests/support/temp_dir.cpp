// SPDX-License-Identifier: Apache-2.0
#include "support/temp_dir.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace support {

TempDir::TempDir() : path_(std::filesystem::temp_directory_path() / "shellstrap-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) std::abort();
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(std::string_view name, std::string_view content, mode_t mode) const {
  const std::string file = *this / name;
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::binary) << content;
  if (::chmod(file.c_str(), mode) != 0) std::abort();
  return file;
}

}  // namespace support
