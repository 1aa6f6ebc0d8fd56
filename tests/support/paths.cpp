// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

#include <cstdlib>

namespace support {
namespace {

std::string other_or(const char* variable, const char* built) {
  const char* const other = std::getenv(variable);
  return other != nullptr ? other : built;
}

}  // namespace

const std::string& target_program() {
  static const std::string path = other_or("SHELLSTRAP_TEST_TARGET", SHELLSTRAP_TARGET);
  return path;
}

const std::string& bootstrap_program() {
  static const std::string path = other_or("SHELLSTRAP_TEST_BOOTSTRAP", SHELLSTRAP_BOOTSTRAP);
  return path;
}

bool bootstrap_is_emulated() {
  return std::getenv("SHELLSTRAP_TEST_BOOTSTRAP") != nullptr;
}

const std::string& cli_program() {
  static const std::string path = SHELLSTRAP_CLI;
  return path;
}

const std::string& word_count_program() {
  static const std::string path = SHELLSTRAP_WORD_COUNT;
  return path;
}

const std::string& source_dir() {
  static const std::string path = SHELLSTRAP_SOURCE_DIR;
  return path;
}

}  // namespace support
