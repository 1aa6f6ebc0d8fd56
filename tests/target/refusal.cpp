// SPDX-License-Identifier: Apache-2.0
#include "refusal.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace {

struct Call {
  unsigned number;
  std::optional<unsigned> argument;
};

// Of one machine only: what it runs has no other system calls, and the low half of an argument comes first.
bool install_filter(Call call, unsigned code) {
  const unsigned at = call.argument ? offsetof(seccomp_data, args[1]) : offsetof(seccomp_data, nr);
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.argument.value_or(call.number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof steps / sizeof *steps, steps};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

unsigned number(const std::string& text) {
  return static_cast<unsigned>(std::strtoul(text.c_str(), nullptr, 10));
}

Call call_of(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {number(text), std::nullopt};
  return {number(text.substr(0, colon)), number(text.substr(colon + 1))};
}

int fail(const char* call) {
  std::fprintf(stderr, "refuse: %s: %s\n", call, std::strerror(errno));
  return 126;
}

}  // namespace

int refuse(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (std::size_t i = 2; i < arguments.size(); ++i) argv.push_back(const_cast<char*>(arguments[i].c_str()));
  argv.push_back(nullptr);
  if (!install_filter(call_of(arguments.at(0)), number(arguments.at(1)))) return fail("prctl");
  ::execv(argv.front(), argv.data());
  return fail(argv.front());
}
