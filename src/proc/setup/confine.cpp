// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/confine.h"

#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "proc/setup/child_setup.h"
#include "proc/setup/private_root.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace proc {
namespace {

bool write_file(const char* path, const std::string& text) {
  const base::UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
  return file.valid() && base::write_all(file.get(), text).ok();
}

/// One user and one group: more of them may not be named without privileges.
bool name_user(const Confinement& wanted, uid_t user, gid_t group) {
  const std::string same = " 1\n";
  return write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", std::to_string(wanted.user) + " " + std::to_string(user) + same) &&
         write_file("/proc/self/gid_map", std::to_string(wanted.group) + " " + std::to_string(group) + same);
}

base::Status enter_namespaces(const Confinement& wanted) {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) != 0)
    return base::errno_error("namespaces of its own", errno);
  if (!name_user(wanted, user, group)) return base::errno_error("a user of its own", errno);
  return base::Done{};
}

void limit_descriptors(std::size_t most) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max = std::min<rlim_t>(limit.rlim_max, most);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// A user namespace takes the death signal away, because it brings capabilities.
void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const auto& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

base::Status confine(const Confinement& wanted) {
  const pid_t parent = ::getppid();
  auto views = enter_namespaces(wanted);
  if (views) views = enter_private_root(wanted);
  limit_descriptors(wanted.descriptors);
  ::umask(022);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  die_with(parent);
  return views;
}

base::Error become(const Command& command) {
  if (const char* call = enter_directory(command.directory.c_str())) return base::errno_error(call, errno);
  if (const char* call = reset_signals(inherited_ignored_real_time())) return base::errno_error(call, errno);
  ::execve(command.program.c_str(), pointers(command.arguments).data(), pointers(command.environment).data());
  return base::errno_error("exec of " + command.program, errno);
}

}  // namespace proc
