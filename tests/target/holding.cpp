// SPDX-License-Identifier: Apache-2.0
#include "holding.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

using Arguments = std::vector<std::string>;

// Execs of this process and all below it wait for an answer from the descriptor; -1: the kernel has no such
// thing.
int listen_for_exec() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{4, program};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

// Lets every exec pass but the first one that comes while the file is there, which it takes away. That one is
// never answered. Dies with the program.
[[noreturn]] void answer(int listener, const char* hold) {
  for (;;) {
    seccomp_notif asked{};
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) continue;
    if (::unlink(hold) == 0) continue;
    seccomp_notif_resp pass{asked.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &pass);
  }
}

}  // namespace

// trace exit|zombie: seizes the process whose number comes on standard input, says "held", and holds it when
// it ends: before its end, where no signal reaches it, or as a zombie, whose status it never takes. Until it
// ends itself.
int trace(const Arguments& arguments) {
  int pid = 0;
  if (std::scanf("%d", &pid) != 1) return 1;
  const long options = arguments.at(0) == "exit" ? PTRACE_O_TRACEEXIT : 0;
  const bool held = ::ptrace(PTRACE_SEIZE, pid, nullptr, options) == 0;
  std::puts(held ? "held" : "refused");
  std::fflush(stdout);
  if (held) ::pause();
  return 1;
}

// hold-exec FILE PROGRAM ARG...: becomes the program. An exec of it, or of what it has started, hangs for
// good when FILE is there, which is then taken away.
int hold_exec(const Arguments& arguments) {
  const int listener = listen_for_exec();
  if (listener < 0) return 1;
  if (::fork() == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) answer(listener, arguments.at(0).c_str());
  ::close(listener);
  std::vector<char*> argv;
  for (std::size_t i = 1; i < arguments.size(); ++i) argv.push_back(const_cast<char*>(arguments[i].c_str()));
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  return 1;
}

// continue-each-other COUNT SECONDS: leaves so many processes, each in a session of its own, that send
// SIGCONT to each other all the time. All end by themselves after SECONDS. The first one ends when all are at
// it.
int continue_each_other(const Arguments& arguments) {
  const int count = std::atoi(arguments.at(0).c_str());
  const std::time_t end = std::time(nullptr) + std::atol(arguments.at(1).c_str());
  const auto size = static_cast<std::size_t>(count) * sizeof(pid_t);
  auto* pids = static_cast<volatile pid_t*>(
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  for (int i = 0; i < count; ++i) {
    if (::fork() != 0) continue;
    ::prctl(PR_SET_PDEATHSIG, 0);
    ::setsid();
    pids[i] = ::getpid();
    while (std::time(nullptr) < end) {
      for (int other = 0; other < count; ++other)
        if (const pid_t pid = pids[other]; other != i && pid != 0) ::kill(pid, SIGCONT);
      ::usleep(20);  // the machine still breathes
    }
    ::_exit(0);
  }
  for (int i = 0; i < count; ++i)
    while (pids[i] == 0) ::usleep(1000);
  return 0;
}
