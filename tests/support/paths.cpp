// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

#include <cstdlib>

namespace support {

const std::string& target_program() {
  static const std::string path = SHELLSTRAP_TARGET;
  return path;
}

const std::string& bootstrap_program() {
  static const char* const other = std::getenv("SHELLSTRAP_TEST_BOOTSTRAP");
  static const std::string path = other != nullptr ? other : SHELLSTRAP_BOOTSTRAP;
  return path;
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
