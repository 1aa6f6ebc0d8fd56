// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/sources.h"

#include <sys/stat.h>

#include <vector>

namespace emulator {
namespace {

constexpr auto kSettingsFile = "shellstrap.json";

std::string in_task_root(const Function& function, const std::string& name) {
  return name.starts_with('/') ? name : function.task_root + "/" + name;
}

/// "a.b.handler" is that file, or a function of a.b, a.b.sh, a.b.bash, a, a.sh or a.bash.
std::vector<std::string> candidates(const std::string& handler) {
  std::vector<std::string> names = {handler};
  for (auto dot = handler.rfind('.'); dot != std::string::npos && dot > 0; dot = handler.rfind('.', dot - 1))
    for (const char* extension : {"", ".sh", ".bash"}) names.push_back(handler.substr(0, dot) + extension);
  return names;
}

std::string state_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return "-;";
  std::string text;
  for (const auto number : {static_cast<long long>(file.st_ino), static_cast<long long>(file.st_size),
                            static_cast<long long>(file.st_mode), static_cast<long long>(file.st_mtim.tv_sec),
                            static_cast<long long>(file.st_mtim.tv_nsec)})
    text += std::to_string(number) + ",";
  return text + ";";
}

}  // namespace

std::string sources_of(const Function& function) {
  std::string states = state_of(in_task_root(function, kSettingsFile));
  if (function.handler.empty()) return states;
  for (const auto& name : candidates(function.handler)) states += state_of(in_task_root(function, name));
  return states;
}

}  // namespace emulator
