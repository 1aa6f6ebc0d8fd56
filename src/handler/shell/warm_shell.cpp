// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/warm_shell.h"

#include "base/text/text.h"
#include "handler/program/inspect.h"
#include "handler/program/line_ends.h"
#include "handler/program/wrapper.h"
#include "handler/shell/shell_driver.h"
#include "handler/shell/shell_message.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace handler {
namespace {

using api::ErrorType;

// The service starts an init phase anew after 10 s.
constexpr auto kSlowStart = std::chrono::seconds(8);
constexpr auto kParseLimit = std::chrono::seconds(5);
constexpr std::size_t kTailBytes = 8 * 1024;
constexpr std::size_t kTailLines = 20;
constexpr const char* kUsualPath = "/bin:/usr/bin:/usr/local/bin";

std::optional<std::string> find_bash(const ShellSetup& setup) {
  const auto path = setup.environment.get_or("PATH", "") + ":" + kUsualPath;
  return find_on_path("bash", path, setup.directory);
}

// The driver's forks have a third output as their descriptor 3: give it the number of the answer, or leave it
// out.
std::string driver_for(int answer_fd) {
  constexpr std::string_view kThird = " 3>&113";
  std::string text(shell_driver());
  const auto number = answer_fd > 2 ? " " + std::to_string(answer_fd) + ">&113" : std::string();
  text.replace(text.find(kThird), kThird.size(), number);
  return text.insert(0, shell_functions());
}

// Their sinks come with each call.
std::vector<proc::Output> outputs_of(const ShellSetup& setup) {
  std::vector<proc::Output> outputs = {{1, nullptr}, {2, nullptr}};
  if (setup.answer_fd > 2) outputs.push_back({setup.answer_fd, nullptr});
  for (auto& output : outputs)
    if (output.child_fd == setup.answer_fd)
      output = {output.child_fd, nullptr, setup.answer_file_limit, true};
  return outputs;
}

proc::Command driver_command(const std::string& bash, const ShellSetup& setup) {
  // Not the file's name as $0: scripts take that to mean that they were started, not sourced.
  proc::Command command{bash,
                        {"bash", "-c", driver_for(setup.answer_fd), "bash", setup.function.file,
                         setup.function.function, setup.before_snapshot, setup.after_restore},
                        setup.environment.strings(),
                        setup.directory};
  command.arguments.insert(command.arguments.end(), setup.options.begin(), setup.options.end());
  const auto& wrapper = setup.function.wrapper;
  if (!wrapper.empty()) put_behind(wrapper, command.program, command.arguments);
  return command;
}

class Text : public proc::ByteSink {
 public:
  bool take(std::string_view more) override {
    bytes.append(more);
    return bytes.size() < kTailBytes;
  }
  std::string bytes;
};

// What bash says when it only reads the file. With extglob, because the file may switch that on itself.
std::optional<std::string> syntax_error(const std::string& bash, const ShellSetup& setup) {
  const proc::Command command{bash,
                              {"bash", "-O", "extglob", "-n", setup.function.file},
                              setup.environment.strings(),
                              setup.directory};
  Text out;
  Text err;
  proc::RunOptions options;
  options.outputs = {{1, &out}, {2, &err}};
  options.kill_at = base::Deadline::after(kParseLimit);
  options.stop_fd = setup.stop_fd;
  options.family = setup.family;
  const auto run = proc::run(command, options);
  const auto* exited = std::get_if<proc::Exited>(&run.ending);
  if (exited == nullptr || exited->state.success()) return std::nullopt;
  return err.bytes.substr(0, err.bytes.find('\n'));
}

std::string state_in_words(const proc::ExitState& state) {
  if (state.signal()) return "was killed by SIG" + proc::signal_name(*state.signal());
  return "ended with status " + std::to_string(*state.status());
}

// The builtins that the driver cannot do without.
constexpr std::array<std::string_view, 15> kNeededBuiltins = {
    "builtin", "continue", "break", "declare", "enable", "eval",  "export", "mapfile",
    "printf",  "read",     "set",   "shopt",   "trap",   "unset", "wait"};

constexpr int kRedefined = 9;
constexpr int kReadOnly = 10;  // EVENT_DATA, and behind it the usual variables in their order

// What the driver has said, and how it ended, in terms of the handler.
class Judgement {
 public:
  Judgement(const ShellSetup& setup, const std::string& bash, const proc::ForkServer::Startup& startup)
      : setup_(setup), bash_(bash), startup_(startup) {}

  [[nodiscard]] std::optional<InitProblem> problem() const {
    if (startup_.stopped)
      return InitProblem{ErrorType::Known::init_error,
                         "the environment was shut down while " + file() + " was sourced."};
    if (startup_.overdue)
      return InitProblem{ErrorType::Known::init_error,
                         "the time was over before " + file() + " was sourced."};
    if (said("old")) return invalid(bash_ + " is older than bash 4.4, which shell functions need.");
    if (auto wrong = unfit()) return wrong;
    if (const auto wrong = odd() ? syntax_error(bash_, setup_) : std::nullopt)
      return InitProblem{ErrorType::Known::user_code_syntax_error,
                         "bash cannot read " + file() + ": " + *wrong};
    if (const auto* line = said("missing")) return missing(line->value);
    if (!startup_.ended) return std::nullopt;
    return InitProblem{ErrorType::Known::init_error, said("sourced") ? after_file() : in_file()};
  }

  [[nodiscard]] int source_status() const {
    const auto* line = said("sourced");
    return line != nullptr ? line->value : 0;
  }

 private:
  [[nodiscard]] const proc::StatusLine* said(std::string_view word) const {
    for (const auto& line : startup_.said)
      if (line.word == word) return &line;
    return nullptr;
  }

  [[nodiscard]] bool odd() const { return startup_.ended || source_status() != 0; }
  [[nodiscard]] const std::string& file() const { return setup_.function.file; }

  // What the file has done to the shell that keeps calls from working.
  [[nodiscard]] std::optional<InitProblem> unfit() const {
    if (said("skipped"))
      return invalid(file() +
                     " sets a DEBUG trap that, with `shopt -s extdebug`, keeps the shell's own commands " +
                     "from running: clear it (trap - DEBUG) at the end of the file, or leave extdebug off.");
    for (const auto name : kNeededBuiltins)
      if (said("enable -n " + std::string(name))) return disabled(name);
    if (said("disabled")) return disabled("builtin");
    const auto* line = said("unfit");
    return line != nullptr ? unfit_by(line->value) : std::nullopt;
  }

  [[nodiscard]] InitProblem disabled(std::string_view name) const {
    return invalid(file() + " disables the builtin `" + std::string(name) +
                   "`, which calls of its functions rely on: leave out `enable -n " + std::string(name) +
                   "`.");
  }

  [[nodiscard]] std::optional<InitProblem> unfit_by(int code) const {
    if (code == kRedefined)
      return invalid(file() + " redefines `builtin`, which calls of its functions rely on: rename that one.");
    const auto place = static_cast<std::size_t>(code - kReadOnly);
    if (code < kReadOnly || place > kUsualVariables.size()) return std::nullopt;
    return invalid(file() + " makes " + std::string(place == 0 ? "EVENT_DATA" : kUsualVariables[place - 1]) +
                   " read-only, which each call sets anew: leave out `readonly` for it.");
  }

  [[nodiscard]] InitProblem missing(int which) const {
    if (which == 0)
      return {ErrorType::Known::handler_not_found,
              file() + " defines no function " + setup_.function.function + "."};
    const auto& hook = which == 1 ? setup_.before_snapshot : setup_.after_restore;
    return {ErrorType::Known::init_error, file() + " defines no function " + hook + ", which is a hook."};
  }

  [[nodiscard]] std::string in_file() const {
    if (startup_.stuck) return after_file();
    return "the shell " + state_in_words(*startup_.ended) + " while it sourced " + file() +
           " (an exit, a command that failed under set -e, or a `ulimit -n` below 128).";
  }

  // Traps, options and aliases of the file are in force then.
  [[nodiscard]] std::string after_file() const {
    const auto how = startup_.stuck ? std::string("did not get on for 5 s") : state_in_words(*startup_.ended);
    return "the shell " + how + " after it had sourced " + file() +
           ": a trap, an option or a limit that the file sets stops bash itself.";
  }

  static InitProblem invalid(std::string message) {
    return {ErrorType::Known::invalid_handler, std::move(message)};
  }

  const ShellSetup& setup_;
  const std::string& bash_;
  const proc::ForkServer::Startup& startup_;
};

// Who waits for the shell in place of becoming it would be taken for it: for who forks, and whom to end.
InitProblem is_not_the_shell() {
  return {ErrorType::Known::init_error,
          "AWS_LAMBDA_EXEC_WRAPPER starts the shell of shell functions as a child; it must become it: "
          "exec \"$@\""};
}

std::string words_about_wrapper(const ShellSetup& setup) {
  if (setup.function.wrapper.empty()) return "";
  return " It was started through AWS_LAMBDA_EXEC_WRAPPER (" + setup.function.wrapper.back() + ").";
}

// Where sourcing it went wrong: no line of a shell's may end so, and bash does not say why it cannot read it.
std::string words_about_line_ends(const std::string& file) {
  if (!has_carriage_returns(file)) return "";
  return " Lines of " + file + " end in CR LF, which bash takes for a part of the last word. " +
         how_to_convert_line_ends(file);
}

InitProblem no_bash(const ShellSetup& setup) {
  return {ErrorType::Known::invalid_handler,
          "a function of a shell file (" + setup.function.file + ") needs bash, which is not on PATH (" +
              setup.environment.get_or("PATH", "") +
              "): add it to the package, a layer or the image, or make the handler an executable script."};
}

InitProblem not_started(const std::string& bash, const proc::LaunchError& error) {
  return {ErrorType::Known::init_error,
          "cannot start " + bash + ": " + error.call + ": " + std::strerror(error.code)};
}

}  // namespace

namespace {

std::string new_seed() {
  std::uint32_t seed = 0;
  [[maybe_unused]] const auto got = ::getrandom(&seed, sizeof seed, 0);
  return std::to_string(seed >> 1U);  // no shell takes it for a negative number
}

// How a hook went, in words behind its name; empty: well.
std::string fault_of(const proc::ForkServer::Startup& hook) {
  if (hook.stopped) return "was ended because the environment is shut down";
  if (hook.overdue || hook.stuck) return "took too long and was ended, with its shell";
  for (const auto& line : hook.said) {
    if (line.word == "unfit") return "has redefined `builtin`, or made read-only what calls rely on";
    if (line.word == "missing") return "has removed a function that is still to be called";
    if (line.word == "hook" && line.value != 0) return "ended with status " + std::to_string(line.value);
  }
  return hook.ended ? "ended its shell, which " + state_in_words(*hook.ended) : "";
}

}  // namespace

std::optional<InitProblem> run_in_warm_shell(proc::ForkServer& shell, const WarmHook& hook, StartupLog& log,
                                             int stop_fd) {
  std::string message = hook.restored ? new_seed() : "";
  message.append(1, '\0').append(hook.function).append(1, '\0');
  log.forget();
  const auto fault = fault_of(shell.prepare_again(message, hook.limit, stop_fd));
  log.end_line();
  if (fault.empty()) return std::nullopt;
  auto lines = hook.shows_stderr ? log.last_lines() : std::vector<std::string>();
  return InitProblem{hook.failure, hook.name + " " + fault + ".", std::move(lines)};
}

bool StartupLog::take(std::string_view bytes) {
  tail_.append(bytes);
  if (tail_.size() > 2 * kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
  return log_->take(bytes);
}

void StartupLog::end_line() {
  if (!tail_.empty() && tail_.back() != '\n') take("\n");
}

std::vector<std::string> StartupLog::last_lines() const {
  std::vector<std::string> lines;
  for (std::size_t start = 0, end = 0; (end = tail_.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(tail_.substr(start, end - start));
  if (lines.size() > kTailLines) lines.erase(lines.begin(), lines.end() - kTailLines);
  return lines;
}

std::variant<std::unique_ptr<proc::ForkServer>, InitProblem> start_warm_shell(const ShellSetup& setup,
                                                                              StartupLog& log,
                                                                              const WarnOnce& warn,
                                                                              base::Deadline limit) {
  const auto bash = find_bash(setup);
  if (!bash) return no_bash(setup);
  auto started = proc::ForkServer::start(driver_command(*bash, setup), outputs_of(setup), log, setup.family,
                                         setup.leftovers == Leftovers::keep);
  if (const auto* error = std::get_if<proc::LaunchError>(&started)) return not_started(*bash, *error);
  auto& server = std::get<std::unique_ptr<proc::ForkServer>>(started);

  const auto& file = setup.function.file;
  const auto slow = [&] {
    warn("sourcing " + file + " takes longer than 8 s; the service starts the init phase anew after 10 s");
  };
  const auto startup =
      server->wait_until_ready(base::Deadline::after(kSlowStart), slow, limit, setup.stop_fd);
  log.end_line();
  const Judgement judgement(setup, *bash, startup);
  if (auto problem = judgement.problem()) {
    problem->lines = log.last_lines();
    if (!startup.stopped && !startup.overdue) problem->message += words_about_line_ends(file);
    problem->message += words_about_wrapper(setup);
    return *std::move(problem);
  }
  if (!setup.function.wrapper.empty() && !server->forks_itself()) return is_not_the_shell();
  if (const int status = judgement.source_status(); status != 0)
    warn("the last command of " + file + " ended with status " + std::to_string(status) +
         " when it was sourced; the function is there, so this is no error." + words_about_line_ends(file));
  return std::move(server);
}

}  // namespace handler
