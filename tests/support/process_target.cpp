// SPDX-License-Identifier: Apache-2.0
#include "support/process_target.h"

#include "support/paths.h"
#include "support/process_tools.h"

#include <algorithm>
#include <cstdlib>

namespace support {

proc::Command target_command(const std::vector<std::string>& arguments) {
  proc::Command command{target_program(), {target_program()}, {}, ""};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

std::optional<proc::ExitState> Observed::exited() const {
  const auto* ending = std::get_if<proc::Exited>(&result.ending);
  return ending != nullptr ? std::optional(ending->state) : std::nullopt;
}

Observed observe(const proc::Command& command, proc::RunOptions options) {
  StringSink out;
  StringSink err;
  const auto collect = [&options](int fd, StringSink& sink) {
    const auto named = [fd](const proc::Output& output) { return output.child_fd == fd; };
    if (std::none_of(options.outputs.begin(), options.outputs.end(), named))
      options.outputs.push_back({fd, &sink});
  };
  collect(1, out);
  collect(2, err);
  proc::RunResult result = proc::run(command, options);
  return {std::move(result), std::move(out.text), std::move(err.text)};
}

Observed run_target(const std::vector<std::string>& arguments, proc::RunOptions options) {
  return observe(target_command(arguments), std::move(options));
}

base::MemoryFile input_with(std::string_view content) {
  auto file = base::MemoryFile::create("input");
  if (!file || !file->append(content) || !file->rewind()) std::abort();
  return *std::move(file);
}

}  // namespace support
