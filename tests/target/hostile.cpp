// SPDX-License-Identifier: Apache-2.0
#include "hostile.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

using Arguments = std::vector<std::string>;

// Nobody's, for who may become somebody else: limits of processes are counted by user.
constexpr unsigned kOwnUser = 60993;

void say(const char* attempt, bool worked) {
  std::printf("%s: %s\n", attempt, worked ? "worked" : "refused");
}

bool can_open(const char* name, int flags) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/%s", ::getppid(), name);
  const int fd = ::open(path, flags);
  char byte;
  const bool readable = fd >= 0 && (std::strcmp(name, "mem") == 0 || ::read(fd, &byte, 1) > 0);
  if (fd >= 0) ::close(fd);
  return readable;
}

bool can_list(const char* name) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/%s", ::getppid(), name);
  DIR* folder = ::opendir(path);
  if (folder == nullptr) return false;
  ::closedir(folder);
  return true;
}

bool can_read_link(const char* name) {
  char path[64];
  char target[256];
  std::snprintf(path, sizeof path, "/proc/%d/%s", ::getppid(), name);
  return ::readlink(path, target, sizeof target) > 0;
}

bool can_seize() {
  if (::ptrace(PTRACE_SEIZE, ::getppid(), nullptr, nullptr) != 0) return false;
  ::ptrace(PTRACE_DETACH, ::getppid(), nullptr, nullptr);
  return true;
}

bool can_read_memory() {
  static char here[1];
  iovec local{here, 1};
  iovec remote{here, 1};  // mapped there or not: EFAULT comes after the question of rights
  return ::process_vm_readv(::getppid(), &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT;
}

bool can_take_descriptor() {
  const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0U));
  const auto fd = static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, STDERR_FILENO, 0U));
  const bool taken = fd >= 0;
  if (taken) ::close(fd);
  if (pidfd >= 0) ::close(pidfd);
  return taken;
}

long processes_of(uid_t user) {
  DIR* processes = ::opendir("/proc");
  if (processes == nullptr) return 0;
  long count = 0;
  while (const dirent* entry = ::readdir(processes)) {
    struct stat status {};
    if (!std::isdigit(static_cast<unsigned char>(entry->d_name[0]))) continue;
    count += ::fstatat(::dirfd(processes), entry->d_name, &status, 0) == 0 && status.st_uid == user;
  }
  ::closedir(processes);
  return count;
}

// No more than `most` processes beside those that are there, whatever is tried.
bool limit_processes(long most) {
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setresgid(kOwnUser, kOwnUser, kOwnUser) != 0 ||
                           ::setresuid(kOwnUser, kOwnUser, kOwnUser) != 0))
    return false;
  const auto allowed = static_cast<rlim_t>(processes_of(::getuid()) + most);
  const rlimit limit{allowed, allowed};
  return ::setrlimit(RLIMIT_NPROC, &limit) == 0;
}

}  // namespace

// spy: a line for each way to look into the parent: "WAY: worked" or "WAY: refused"
int spy(const Arguments&) {
  say("ptrace", can_seize());
  say("process_vm_readv", can_read_memory());
  say("pidfd_getfd", can_take_descriptor());
  say("mem", can_open("mem", O_RDWR));
  say("environ", can_open("environ", O_RDONLY));
  say("maps", can_open("maps", O_RDONLY));
  say("fd", can_list("fd") && can_read_link("fd/2"));
  say("cwd", can_read_link("cwd"));
  return std::fflush(stdout);
}

// fork-bomb grow|flee|scatter PROCESSES SECONDS: forks without end. Those that flee end at once, so that the
// bomb is always another process; those that scatter start a session each. All end by themselves after
// SECONDS.
int fork_bomb(const Arguments& arguments) {
  const bool flees = arguments.at(0) == "flee";
  const bool scatters = arguments.at(0) == "scatter";
  if (!limit_processes(std::atol(arguments.at(1).c_str()))) return 1;
  const std::time_t end = std::time(nullptr) + std::atol(arguments.at(2).c_str());
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGCHLD, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, 0);
  for (int line = 0; flees && ::fork() != 0; ++line)
    if (line == 3) ::pause();  // the leader stays where it is looked for
  while (std::time(nullptr) < end) {
    const pid_t child = ::fork();
    if (child == 0 && (scatters || flees)) ::setsid();
    if (child > 0 && flees) ::_exit(0);
    if (child < 0 && !flees)
      ::usleep(2000);  // forty of them: somebody tries every 50 us, and the machine still breathes
  }
  return 0;
}

// lose-head MS: its first thread ends at once, another sleeps
int lose_head(const Arguments& arguments) {
  static long milliseconds = 0;
  milliseconds = std::atol(arguments.at(0).c_str());
  pthread_t thread;
  const auto sleep = [](void*) -> void* {
    ::poll(nullptr, 0, static_cast<int>(milliseconds));
    ::_exit(0);
  };
  if (::pthread_create(&thread, nullptr, sleep, nullptr) != 0) return 1;
  ::syscall(SYS_exit, 0);
  return 1;
}

// eat-memory: until it is killed, or has eaten a GiB
int eat_memory(const Arguments&) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  for (int i = 0; i < 1024; ++i) {
    void* block = ::mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return 1;
    std::memset(block, 'x', kBlock);
    ::usleep(100);
  }
  return 2;
}
