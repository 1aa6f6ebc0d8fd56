// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/capabilities.h"

#include "base/io/unique_fd.h"
#include "proc/tree/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <span>

namespace proc {
namespace {

struct Probe {
  const char* call;
  const char* purpose;
  int (*ask)();  // 0 or errno
};

int code_of(long result) {
  return result < 0 ? errno : 0;
}

int code_of_opening(int fd) {
  const int code = code_of(fd);
  const base::UniqueFd closed(fd);
  return code;
}

int ask_pipe() {
  const auto pipe = base::make_pipe();
  return pipe ? 0 : pipe.error().code;
}

int ask_signals() {
  sigset_t none;
  sigemptyset(&none);
  return code_of_opening(::signalfd(-1, &none, SFD_CLOEXEC));
}

// Has no arguments that could be wrong.
int ask_vfork() {
  const pid_t pid = ::vfork();
  if (pid == 0) ::_exit(0);
  if (pid < 0) return errno;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
  return 0;
}

int ask_waitid() {
  siginfo_t unused{};
  return code_of(
      ::waitid(P_PID, static_cast<id_t>(::getpid()), &unused, WEXITED | WNOHANG | WNOWAIT));  // no own child
}

// Signal handlers that are shared without their memory are no combination.
int ask_clone() {
  return code_of(::syscall(SYS_clone, CLONE_SIGHAND, nullptr, nullptr, nullptr, nullptr));
}

int ask_clone3() {
  return code_of(::syscall(SYS_clone3, nullptr, 0));
}

int ask_sigaction() {
  struct sigaction unused {};
  return code_of(::sigaction(SIGCHLD, nullptr, &unused));
}

int ask_stat() {
  struct stat unused {};
  return code_of(::stat("", &unused));
}

// What the C library calls with the name of an older call.
#ifdef SYS_vfork
constexpr const char* kVfork = "vfork";
constexpr const char* kDup2 = "dup2";
constexpr const char* kPoll = "poll";
constexpr const char* kAccess = "access";
#else
constexpr const char* kVfork = "clone";
constexpr const char* kDup2 = "dup3";
constexpr const char* kPoll = "ppoll";
constexpr const char* kAccess = "faccessat";
#endif

constexpr const char* kToRead = "to find the handler and to read files";
constexpr const char* kToPass = "to hand an event to a program";
constexpr const char* kToStart = "to start a program";
constexpr const char* kToWait = "to wait for a program";
constexpr const char* kToEnd = "to end a program";
constexpr const char* kToTend = "to find and end what a program has left running";
constexpr const char* kToThread = "to start threads";
constexpr const char* kToSignal = "to be told of the end of the environment";

// In the order of their use: wait4 before vfork, whose child it waits for.
constexpr Probe kForChildren[] = {
    {"rt_sigprocmask", kToSignal, [] { return code_of(::sigprocmask(SIG_BLOCK, nullptr, nullptr)); }},
    {"signalfd4", kToSignal, ask_signals},
    {kPoll, "to wait for anything", [] { return code_of(::poll(nullptr, 0, 0)); }},
    {"eventfd2", "to stop its workers", [] { return code_of_opening(::eventfd(0, EFD_CLOEXEC)); }},
    {"read", kToRead, [] { return code_of(::read(-1, nullptr, 0)); }},
    {"write", kToPass, [] { return code_of(::write(-1, nullptr, 0)); }},
    {"close", kToPass, [] { return code_of(::close(-1)); }},
    {"openat", kToRead, [] { return code_of_opening(::open("", O_RDONLY | O_CLOEXEC)); }},
    {"newfstatat", kToRead, ask_stat},
    {kAccess, kToRead, [] { return code_of(::access("", X_OK)); }},
    {"memfd_create", kToPass, [] { return code_of_opening(::memfd_create("probe", MFD_CLOEXEC)); }},
    {"lseek", kToPass, [] { return code_of(::lseek(-1, 0, SEEK_SET)); }},
    {"ftruncate", kToPass, [] { return code_of(::ftruncate(-1, 0)); }},
    {"pread64", kToPass, [] { return code_of(::pread(-1, nullptr, 0, 0)); }},
    {"wait4", kToWait, [] { return code_of(::waitpid(::getpid(), nullptr, WNOHANG)); }},
    {"waitid", kToWait, ask_waitid},
    {"pidfd_open", kToWait, [] { return code_of(::syscall(SYS_pidfd_open, -1, 0U)); }},
    {"pipe2", kToStart, ask_pipe},
    {"getpid", kToStart, [] { return code_of(::syscall(SYS_getpid)); }},
    {"getppid", kToStart, [] { return code_of(::syscall(SYS_getppid)); }},
    {"setpgid", kToStart, [] { return code_of(::setpgid(0, -1)); }},
    {"fcntl", kToStart, [] { return code_of(::fcntl(-1, F_GETFD)); }},
    {kDup2, kToStart, [] { return code_of(::dup2(-1, 0)); }},
    {"close_range", kToStart, [] { return code_of(::syscall(SYS_close_range, 1U, 0U, 0U)); }},
    {"chdir", kToStart, [] { return code_of(::chdir("")); }},
    {"rt_sigaction", kToStart, ask_sigaction},
    {kVfork, kToStart, ask_vfork},
    {"kill", kToEnd, [] { return code_of(::kill(::getpid(), 0)); }},
    {"prctl", kToTend, [] { return code_of(::prctl(PR_SET_CHILD_SUBREAPER, 1)); }},
    {"pidfd_send_signal", kToTend,
     [] { return code_of(::syscall(SYS_pidfd_send_signal, -1, 0, nullptr, 0U)); }},
};

// The C library takes clone where clone3 is not known, but not where it is forbidden.
constexpr Probe kForThreads[] = {
    {"clone3", kToThread, [] { return ask_clone3() == ENOSYS ? 0 : ask_clone3(); }},
    {"clone", kToThread, [] { return ask_clone3() == ENOSYS ? ask_clone() : 0; }},
};

constexpr Probe kForWarmShell[] = {
    {"clone", "for the shell to fork", ask_clone},
};

std::span<const Probe> probes_for(Need need) {
  switch (need) {
    case Need::children:
      return kForChildren;
    case Need::threads:
      return kForThreads;
    case Need::warm_shell:
      break;
  }
  return kForWarmShell;
}

// Filters choose one of these; the kernel itself has other words for the arguments above.
bool is_refusal(int code) {
  return code == ENOSYS || code == EPERM || code == EACCES;
}

}  // namespace

std::optional<RefusedCall> find_refused_call(Need need) {
  for (const auto& probe : probes_for(need))
    if (const int code = probe.ask(); is_refusal(code)) return RefusedCall{probe.call, probe.purpose, code};
  return std::nullopt;
}

base::Status can_list_children() {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir("/proc/self/task"), &::closedir);
  if (!entries) return base::errno_error("open /proc/self/task", errno);
  errno = 0;
  if (::readdir(entries.get()) == nullptr) return base::errno_error("getdents64", errno);
  if (process_stat(::getpid()).state == 'X') return base::errno_error("open /proc/self/stat", ENOENT);
  return base::Done{};
}

}  // namespace proc
