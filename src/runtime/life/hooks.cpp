// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/hooks.h"

#include "base/text/text.h"
#include "handler/resolve.h"
#include "proc/run/run.h"
#include "runtime/log/log_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace runtime {
namespace {

using api::ErrorType;
using handler::InitProblem;
using Found = std::variant<std::optional<Hook>, InitProblem>;

// Between SIGTERM and SIGKILL where there is time enough.
constexpr std::chrono::milliseconds kGrace{200};
constexpr std::chrono::milliseconds kSnapshotInit{130'000};
// What is left of a limit for saying that it was not kept.
constexpr std::chrono::milliseconds kReport{1000};

Found find(std::string_view setting, const std::vector<std::string>& words, const HookPlace& place,
           ErrorType failure) {
  if (words.empty()) return std::nullopt;
  const auto name = std::string(setting) + " (" + base::join(words, " ") + ")";
  auto resolved = handler::resolve({words, std::nullopt, {}, place.task_root, place.path});
  if (auto* problem = std::get_if<InitProblem>(&resolved))
    return InitProblem{ErrorType::Known::init_error, name + ": " + problem->message, {}};
  auto& found = std::get<handler::Resolved>(resolved);
  return Hook{name, std::move(found.spec), std::move(failure), std::move(found.warnings)};
}

Found find_command(std::string_view setting, const std::vector<std::string>& words, const HookPlace& place) {
  auto found = find(setting, words, place, ErrorType::Known::init_error);
  const auto* hook = std::get_if<std::optional<Hook>>(&found);
  if (hook == nullptr || function_of(*hook).empty()) return found;
  return InitProblem{ErrorType::Known::init_error,
                     (*hook)->name +
                         " is a shell function, but must be a command: what a shell file does at "
                         "init stands outside of its functions.",
                     {}};
}

// Of the file that is kept warm: another one would have to be sourced for it, and what it sets would be lost.
Found find_any(std::string_view setting, const std::vector<std::string>& words, const HookPlace& place,
               const handler::Spec& handler, ErrorType failure) {
  auto found = find(setting, words, place, std::move(failure));
  const auto* hook = std::get_if<std::optional<Hook>>(&found);
  if (hook == nullptr || function_of(*hook).empty()) return found;
  const auto& file = std::get<handler::ShellFunctionSpec>((*hook)->spec).file;
  const auto* own = std::get_if<handler::ShellFunctionSpec>(&handler);
  if (own != nullptr && own->file == file) return found;
  return InitProblem{ErrorType::Known::init_error,
                     (*hook)->name + " is a function of " + file +
                         ", which is not the handler's file: name a function of that one, or a command.",
                     {}};
}

class EndInWords {
 public:
  explicit EndInWords(std::chrono::microseconds elapsed) : elapsed_(elapsed) {}

  std::string operator()(const proc::Exited& end) const { return in_words(end.state) + after(); }
  std::string operator()(const proc::Overdue&) const { return "took too long and was ended" + after(); }
  std::string operator()(const proc::Refused&) const { return "was ended" + after(); }
  std::string operator()(const proc::Stopped&) const {
    return "was ended" + after() + " because the environment is shut down";
  }
  std::string operator()(const proc::Lost& end) const { return "was lost" + after() + ": " + end.reason; }
  std::string operator()(const proc::NotStarted& end) const { return "was not started: " + end.reason; }
  std::string operator()(const proc::NoAnswer& end) const { return "left no answer: " + end.reason; }
  std::string operator()(const proc::LaunchError& error) const {
    return "could not be started: " + error.call + ": " + std::strerror(error.code);
  }

 private:
  static std::string in_words(const proc::ExitState& state) {
    if (state.signal()) return "was killed by SIG" + proc::signal_name(*state.signal());
    return "ended with status " + std::to_string(*state.status());
  }

  [[nodiscard]] std::string after() const {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed_);
    return " after " + std::to_string(ms.count()) + " ms";
  }

  std::chrono::microseconds elapsed_;
};

bool succeeded(const proc::RunResult& run) {
  const auto* exited = std::get_if<proc::Exited>(&run.ending);
  return exited != nullptr && exited->state.success();
}

proc::RunOptions options_for(const HookSurroundings& surroundings, base::Deadline limit) {
  proc::RunOptions options;
  options.kill_at = limit;
  options.terminate_at =
      limit.earlier_by(std::min<base::SteadyClock::duration>(kGrace, limit.remaining() / 4));
  options.stop_fd = surroundings.stop_fd;
  options.family = &surroundings.family;
  options.keep_group = true;
  return options;
}

}  // namespace

Found find_init_hook(const HookCommands& commands, const HookPlace& place) {
  return find_command("SHELLSTRAP_INIT", commands.init, place);
}

std::variant<Hooks, InitProblem> find_hooks(const HookCommands& commands, const HookPlace& place,
                                            const handler::Spec& handler) {
  auto shutdown = find_command("SHELLSTRAP_SHUTDOWN", commands.shutdown, place);
  auto before = find_any("SHELLSTRAP_BEFORE_SNAPSHOT", commands.before_snapshot, place, handler,
                         ErrorType::Known::before_snapshot);
  auto after = find_any("SHELLSTRAP_AFTER_RESTORE", commands.after_restore, place, handler,
                        ErrorType::Known::after_restore);
  for (auto* found : {&shutdown, &before, &after})
    if (auto* problem = std::get_if<InitProblem>(found)) return std::move(*problem);
  return Hooks{std::get<0>(std::move(shutdown)), std::get<0>(std::move(before)),
               std::get<0>(std::move(after))};
}

base::Deadline limit_of_init(const Settings& settings) {
  if (!settings.snapshot) return base::Deadline::never();
  return base::Deadline::after(std::max(kSnapshotInit, settings.timeout.value_or(kSnapshotInit)) - kReport);
}

std::string function_of(const std::optional<Hook>& hook) {
  const auto* function = hook ? std::get_if<handler::ShellFunctionSpec>(&hook->spec) : nullptr;
  return function != nullptr ? function->function : "";
}

std::optional<InitProblem> run_program(const std::optional<Hook>& hook, const HookSurroundings& surroundings,
                                       base::Deadline limit) {
  const auto* program = hook ? std::get_if<handler::ProgramSpec>(&hook->spec) : nullptr;
  if (program == nullptr) return std::nullopt;
  LogStream out(surroundings.logger);
  LogStream err(surroundings.logger);
  auto options = options_for(surroundings, limit);
  options.outputs = {{1, &out}, {2, &err}};
  const auto run = proc::run(
      {program->program, program->arguments, surroundings.environment.strings(), surroundings.directory},
      options);
  out.finish();
  err.finish();
  surroundings.family.keep_strangers();
  if (succeeded(run)) return std::nullopt;
  std::vector<std::string> lines;
  if (surroundings.shows_stderr) lines = err.tail().lines();
  if (surroundings.shows_stderr && lines.empty()) lines = out.tail().lines_of_text();
  return InitProblem{hook->failure, hook->name + " " + std::visit(EndInWords(run.elapsed), run.ending) + ".",
                     std::move(lines)};
}

}  // namespace runtime
