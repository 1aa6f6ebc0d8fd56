// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli_run.h"

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// A function with cases below function/, for `shellstrap test function`.
class Cases : public Cli {
 public:
  explicit Cases(const std::string& handler) {
    folder.write("function/x.sh", "#!/bin/sh\n" + handler + "\n", 0755);
  }

  const Cases& with(const std::string& name, const std::map<std::string, std::string>& files) const {
    for (const auto& [file, text] : files) folder.write(path_of(name, file), text);
    return *this;
  }

  [[nodiscard]] support::ToolResult test(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"test", "function", "--handler", "x.sh"});
    return run(options);
  }

  [[nodiscard]] std::string file(const std::string& name, const std::string& file) const {
    return text_of("function/tests/" + name + "/" + file);
  }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream stream(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  static std::string path_of(const std::string& name, const std::string& file) {
    return "function/tests/" + name + "/" + file;
  }
};
