// SPDX-License-Identifier: Apache-2.0
#include "cli/line/paths.h"

#include "handler/program/elf.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

base::Error problem(const std::string& what) {
  return {what, 0};
}

fs::path own_folder() {
  std::error_code unreadable;
  return fs::read_symlink("/proc/self/exe", unreadable).parent_path();
}

using Places = std::vector<fs::path>;

/// Beside the program is a build, or an archive that was unpacked: that one is for the same machine. An
/// installation has those of both machines.
Places places_of_bootstrap(std::uint16_t machine) {
  Places places;
  const auto own = own_folder();
  if (machine == handler::own_machine()) places.push_back(own / "bootstrap");
  const auto shared = fs::path("share/shellstrap") / handler::machine_name(machine) / "bootstrap";
  places.push_back(own / shared);
  places.push_back(own.parent_path() / shared);
  return places;
}

std::string nowhere(const Places& places, std::uint16_t machine) {
  std::string text = "there is no bootstrap for " + handler::machine_name(machine);
  for (const auto& place : places)
    text += (&place == &places.front() ? " at \"" : " or \"") + place.string() + "\"";
  return text + ": a release has it (install.sh puts it there); or build it and name it with --bootstrap";
}

std::string not_at(const fs::path& place) {
  return "there is no bootstrap at \"" + place.string() + "\": build it, or name another with --bootstrap";
}

}  // namespace

base::Result<std::string> absolute_directory(const std::string& path) {
  std::error_code error;
  const auto absolute = fs::canonical(path.empty() ? "." : path, error);
  if (error) return problem("the task root \"" + path + "\": " + error.message());
  if (!fs::is_directory(absolute, error)) return problem("the task root \"" + path + "\" is not a directory");
  return absolute.string();
}

base::Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator walk(folder, error); !error && walk != fs::directory_iterator();
       walk.increment(error))
    names.push_back(walk->path().filename().string());
  if (error) return problem("\"" + folder + "\": " + error.message());
  std::ranges::sort(names);
  return names;
}

base::Result<std::string> find_bootstrap(const std::string& path, std::uint16_t machine) {
  std::error_code error;
  const auto places = path.empty() ? places_of_bootstrap(machine) : Places{fs::absolute(path, error)};
  const auto found =
      std::ranges::find_if(places, [&](const fs::path& place) { return fs::exists(place, error); });
  if (found == places.end()) return problem(path.empty() ? nowhere(places, machine) : not_at(places.front()));
  if (fs::is_directory(*found, error) || ::access(found->c_str(), X_OK) != 0)
    return problem("the bootstrap \"" + found->string() + "\" is not an executable file: try chmod +x");
  return found->string();
}

std::string relative_to_task_root(const std::string& handler, const std::string& task_root) {
  std::error_code ignored;
  if (handler.empty() || handler.front() == '/' || fs::exists(fs::path(task_root) / handler, ignored))
    return handler;
  // A bare word may be a command on PATH: only a path is one of this directory.
  if (handler.find('/') == std::string::npos || !fs::exists(handler, ignored)) return handler;
  const auto absolute = fs::canonical(handler, ignored);
  return ignored ? handler : absolute.string();
}

}  // namespace cli
