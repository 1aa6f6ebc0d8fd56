// SPDX-License-Identifier: Apache-2.0
#include "bodies.h"

#include "support/paths.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace oracle {
namespace {

constexpr std::string_view kName = "## ";
constexpr std::string_view kStart = "handler() {";

std::vector<std::filesystem::path> topics() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(support::source_dir() + "/tests/oracle/bodies"))
    if (entry.path().extension() == ".bash") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void read_topic(const std::filesystem::path& path, std::vector<Body>& bodies) {
  std::ifstream file(path);
  std::string name;
  std::string text;
  const auto take = [&] {
    if (!name.empty()) bodies.push_back(body_of(name, text));
    text.clear();
  };
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kName)) {
      take();
      name = line.substr(kName.size());
    } else if (!name.empty() && !line.empty()) {
      text += line + "\n";
    }
  }
  take();
}

}  // namespace

Body body_of(std::string name, std::string_view file) {
  Body body{std::move(name), {}, {}, {}};
  auto* part = &body.before;
  std::istringstream lines{std::string(file)};
  for (std::string line; std::getline(lines, line);) {
    if (part == &body.before && line == kStart)
      part = &body.function;
    else if (part == &body.function && line == "}")
      part = &body.after;
    else
      *part += line + "\n";
  }
  return body;
}

std::string file_of(const Body& body) {
  return body.before + std::string(kStart) + "\n" + body.function + "}\n" + body.after;
}

std::ostream& operator<<(std::ostream& out, const Body& body) {
  return out << body.name;
}

std::vector<Body> bodies_by_hand() {
  std::vector<Body> bodies;
  for (const auto& path : topics()) read_topic(path, bodies);
  return bodies;
}

}  // namespace oracle
