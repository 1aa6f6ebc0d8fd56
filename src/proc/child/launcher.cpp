// SPDX-License-Identifier: Apache-2.0
#include "proc/child/launcher.h"

#include "base/io/unique_fd.h"
#include "proc/setup/child_setup.h"
#include "proc/setup/descriptor_limit.h"
#include "proc/setup/descriptor_plan.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>

#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>

namespace proc {
namespace {

namespace v2 = boost::process::v2;
using boost::system::error_code;
using v2::filesystem::path;
using Argv = const char* const*;

// What the child writes when it cannot become the program. The name is a literal, at the same address in the
// parent whether vfork shared the memory or, as under qemu-user, copied it.
struct Refusal {
  const char* call;
  int code;
};

class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// Boost's own launchers lose exec errors, leave zombies, run exit handlers in the child and let descriptors
// through (1.81). This one keeps their initialiser protocol, and answers with a pid: a basic_process would
// need an io_context and would wait for, or kill, a number that was reaped long ago.
class Launcher : public v2::posix::default_launcher {
 public:
  explicit Launcher(std::atomic<pid_t>* announced) : announced_(announced) {}

  template <class... Inits>
  Launched operator()(const path& program, Argv argv, Inits&&... inits) {
    if (const auto refused = v2::posix::detail::on_setup(*this, program, argv, inits...); refused)
      return {-1, LaunchError{"setup", refused.value()}};
    auto report = base::make_pipe();
    if (!report) return {-1, LaunchError{"pipe2", report.error().code}};
    report_fd = report->write_end.get();
    start(program, argv, inits...);
    if (pid < 0) return {-1, LaunchError{"vfork", errno}};
    report->write_end.reset();
    return {pid, refusal(report->read_end.get())};
  }

  /// For initialisers, in the child: the end of the report pipe, and the call that they are about to fail
  /// with.
  int report_fd = -1;
  const char* failed_call = "setup";

 private:
  // Signals stay blocked until the child has default dispositions: a handler that ran in it would run in our
  // memory.
  template <class... Inits>
  void start(const path& program, Argv argv, Inits&... inits) {
    const AllSignalsBlocked blocked;
    pid = ::vfork();
    if (announced_ != nullptr) announce();
    if (pid == 0) become(program, argv, inits...);
  }

  // By the child, because the parent is suspended until exec; by the parent, in case the child's memory is a
  // copy.
  void announce() {
    if (pid >= 0) *announced_ = pid == 0 ? ::getpid() : pid;
  }

  // The child. Its memory is the parent's: no allocation, no lock, no destructor, no exit handler.
  template <class... Inits>
  [[noreturn]] void become(const path& program, Argv argv, Inits&... inits) {
    const error_code refused = v2::posix::detail::on_exec_setup(*this, program, argv, inits...);
    Refusal refusal{failed_call, refused.value()};
    if (!refused) {
      ::execve(program.c_str(), const_cast<char* const*>(argv), const_cast<char* const*>(env));
      refusal = {"execve", errno};
    }
    [[maybe_unused]] const ssize_t written = ::write(report_fd, &refusal, sizeof refusal);
    ::_exit(127);
  }

  // The pipe closes without a word when exec succeeds.
  static std::optional<LaunchError> refusal(int report_end) {
    Refusal refusal{};
    ssize_t got = 0;
    do got = ::read(report_end, &refusal, sizeof refusal);
    while (got < 0 && errno == EINTR);
    if (got != sizeof refusal) return std::nullopt;
    return LaunchError{refusal.call, refusal.code};
  }

  std::atomic<pid_t>* announced_;
};

// An initialiser that runs `step` in the child; it names the call that failed, or nullptr.
template <class Step>
struct InChild {
  Step step;

  error_code on_exec_setup(Launcher& launcher, const path&, Argv) const {
    const char* failed = step(launcher);
    if (failed == nullptr) return {};
    launcher.failed_call = failed;
    return {errno, boost::system::system_category()};
  }
};
template <class Step>
InChild(Step) -> InChild<Step>;

std::vector<const char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<const char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const auto& string : strings) pointers.push_back(string.c_str());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Launched launch(const Command& command, const std::vector<DescriptorMapping>& descriptors,
                std::atomic<pid_t>* announced) {
  const auto plan = DescriptorPlan::make(descriptors);
  if (!plan) return {-1, LaunchError{"dup2", EINVAL}};
  const auto argv = c_strings(command.arguments);
  const char* const directory = command.directory.empty() ? nullptr : command.directory.c_str();
  const pid_t parent = ::getpid();
  const SignalBits real_time = inherited_ignored_real_time();
  const auto limit = limit_for_children();
  return Launcher(announced)(
      command.program, argv.data(), v2::process_environment(command.environment),
      InChild{[parent](Launcher&) { return take_place_under(parent); }},
      InChild{[&plan](Launcher& launcher) { return plan->apply(launcher.report_fd); }},
      InChild{[&limit](Launcher&) { return limit ? restore_descriptor_limit(*limit) : nullptr; }},
      InChild{[directory](Launcher&) { return directory != nullptr ? enter_directory(directory) : nullptr; }},
      InChild{[real_time](Launcher&) { return reset_signals(real_time); }});
}

}  // namespace proc
