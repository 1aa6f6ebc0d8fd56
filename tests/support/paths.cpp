// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace support {
namespace {

std::string other_or(const char* variable, const char* built) {
  const char* const other = std::getenv(variable);
  return other != nullptr ? other : built;
}

std::string of_programs(const std::string& path, const char* built) {
  const char* const programs = std::getenv("TESTED_PROGRAMS");
  return programs != nullptr ? std::string(programs) + "/" + path : built;
}

bool has_sanitizer(const std::string& program) {
  std::ostringstream bytes;
  bytes << std::ifstream(program, std::ios::binary).rdbuf();
  const auto symbols = bytes.view();
  return symbols.find("__asan_init") != symbols.npos || symbols.find("__tsan_init") != symbols.npos;
}

}  // namespace

const std::string& target_program() {
  static const std::string path = other_or("SHELLSTRAP_TEST_TARGET", SHELLSTRAP_TARGET);
  return path;
}

const std::string& bootstrap_program() {
  static const std::string path =
      other_or("SHELLSTRAP_TEST_BOOTSTRAP", of_programs("bootstrap", SHELLSTRAP_BOOTSTRAP).c_str());
  return path;
}

bool bootstrap_is_sanitized() {
  static const bool is = has_sanitizer(bootstrap_program());
  return is;
}

bool bootstrap_is_emulated() {
  return std::getenv("SHELLSTRAP_TEST_BOOTSTRAP") != nullptr;
}

const std::string& cli_program() {
  static const std::string path = of_programs("shellstrap", SHELLSTRAP_CLI);
  return path;
}

const std::string& word_count_program() {
  static const std::string path = of_programs("handlers/word-count", SHELLSTRAP_WORD_COUNT);
  return path;
}

const std::string& source_dir() {
  static const std::string path = SHELLSTRAP_SOURCE_DIR;
  return path;
}

}  // namespace support
