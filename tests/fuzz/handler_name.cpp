// SPDX-License-Identifier: Apache-2.0
// _HANDLER, or bootstrap's one argument, against a task root with one file of each kind. The disk is read,
// nothing is run.
#include "base/text/text.h"
#include "fuzz.h"
#include "handler/program/interpreters.h"
#include "handler/resolve.h"
#include "support/temp_dir.h"

#include <memory>

using fuzzing::require;

namespace {

const support::TempDir& task_root() {
  static const auto root = [] {
    auto made = std::make_unique<support::TempDir>();
    made->write("run", "#!/bin/sh\n", 0755);
    made->write("a.sh", "handler() { :; }\n");
    made->write("a.b.sh", "handler() { :; }\n");
    made->write("dir/function.bash", "handler() { :; }\n");
    made->write("plain", "text\n");
    return made;
  }();
  return *root;
}

void check(const handler::Resolved& resolved, const std::string& name) {
  require(resolved.name == name, "a handler is called what the user calls it");
  if (const auto* program = std::get_if<handler::ProgramSpec>(&resolved.spec)) {
    require(program->program.starts_with('/'), "a program has a path");
    require(!program->arguments.empty(), "a program has its name");
    require(program->arguments.size() > 1 || !handler::runs_stdin_as_code(program->program),
            "no interpreter runs the event as code");
    return;
  }
  const auto& function = std::get<handler::ShellFunctionSpec>(resolved.spec);
  require(!function.function.empty() && function.function.find('/') == std::string::npos,
          "a function has a name");
  require(function.file.starts_with('/'), "its file has a path");
}

}  // namespace

void fuzz(std::string_view input) {
  const std::string name(
      input.substr(0, input.find('\0')));  // neither variables nor arguments hold NUL bytes
  const auto resolution = handler::resolve({{}, {}, name, task_root().path(), "/usr/bin:/bin:"});
  if (const auto* resolved = std::get_if<handler::Resolved>(&resolution)) return check(*resolved, name);
  require(!std::get<handler::InitProblem>(resolution).message.empty(), "a refusal says why");
}
