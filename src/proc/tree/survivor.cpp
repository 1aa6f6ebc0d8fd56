// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/survivor.h"

#include "proc/tree/process_tree.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace proc {
namespace {

bool is_printable(char byte) {
  return byte >= ' ' && byte <= '~';
}

// A process gives itself any name that it likes.
std::string printable(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char byte) { return !is_printable(byte); }, '?');
  return name;
}

Survivor survivor(pid_t pid, const ProcessStat& stat, std::string reason) {
  return {pid, stat.start, printable(stat.name), std::move(reason)};
}

std::string reason_in(char state) {
  if (state == 'D') return "the kernel does not let it go (state D), as with a device or mount that is gone";
  if (state == 't') return "another process traces and holds it";
  return "it was killed and has not ended";
}

}  // namespace

Survivor killed_survivor(pid_t pid) {
  const auto stat = process_stat(pid);
  return survivor(pid, stat, reason_in(stat.state));
}

Survivor foreign_survivor(pid_t pid) {
  return survivor(pid, process_stat(pid), "it belongs to another user by now");
}

// Without /proc nobody knows.
bool hangs_in_kernel(pid_t pid) {
  const auto threads = threads_of(pid);
  return !threads.empty() && std::all_of(threads.begin(), threads.end(), [pid](pid_t thread) {
    return std::strchr("DtZX", thread_stat(pid, thread).state) != nullptr;
  });
}

bool DeathLimit::passed(bool hangs) {
  looks_ = hangs ? looks_ + 1 : 0;
  return looks_ > kLooks || longest_.passed();
}

}  // namespace proc
