// SPDX-License-Identifier: Apache-2.0
// replay FILE|FOLDER...: hands each file, and each beginning of a short one, to a target. For builds without
// libFuzzer: what was found once stays found by any compiler. Fails where there is nothing to replay.
#include "fuzz.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestTruncated = 2048;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  return files;
}

// A copy of its own, so that a sanitizer sees each byte read beyond it.
void replay(std::string_view bytes) {
  const auto copy = std::make_unique_for_overwrite<char[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  fuzz({copy.get(), bytes.size()});
}

std::size_t replay_with_beginnings(std::string_view bytes) {
  const std::size_t shortest = bytes.size() > kLongestTruncated ? bytes.size() : 0;
  for (std::size_t size = shortest; size <= bytes.size(); ++size) replay(bytes.substr(0, size));
  return bytes.size() - shortest + 1;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  std::size_t inputs = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& path : files_of(arguments[i])) {
      std::fprintf(stderr, "%s\n", path.c_str());  // the last one named is the one that broke a promise
      inputs += replay_with_beginnings(read(path));
      ++files;
    }
  }
  std::printf("replayed %zu inputs of %zu files\n", inputs, files);
  return files > 0 ? 0 : 1;
}
