// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/descriptor_plan.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace proc {
namespace {

constexpr unsigned kEveryNumber = std::numeric_limits<unsigned>::max();

// A close-on-exec copy of `fd` numbered `lowest` or higher takes its place. The old number goes with the rest
// later. Where that fails `fd` is what it was: through it the parent is told.
bool lift(int& fd, int lowest) {
  const int lifted = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  if (lifted < 0) return false;
  fd = lifted;
  return true;
}

bool is_forbidden(int number) {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && static_cast<rlim_t>(number) >= limit.rlim_cur;
}

// By number, because glibc has the wrapper only since 2.34. Its CLOSE_RANGE_CLOEXEC flag would need
// kernel 5.11.
bool close_numbers(int first, unsigned last) {
  if (static_cast<unsigned>(first) > last) return true;
  return ::syscall(SYS_close_range, static_cast<unsigned>(first), last, 0U) == 0;
}

bool close_between(int first, int end) {
  return end <= first || close_numbers(first, static_cast<unsigned>(end) - 1);
}

}  // namespace

std::optional<DescriptorPlan> DescriptorPlan::make(const std::vector<DescriptorMapping>& mappings) {
  DescriptorPlan plan;
  for (const auto [target, source] : mappings) {
    if (target < 0 || target > kHighestTarget || source < 0 || plan.is_target(target)) return std::nullopt;
    plan.sources_[static_cast<unsigned>(target)] = source;
    plan.highest_ = std::max(plan.highest_, target);
  }
  return plan;
}

// A number that RLIMIT_NOFILE forbids is EINVAL to fcntl and EBADF to dup2, as other mistakes are.
const char* DescriptorPlan::apply(int& report_fd) const {
  const char* const failed = arrange(report_fd);
  if (failed == nullptr) return nullptr;
  if ((errno == EINVAL && is_forbidden(highest_ + 1)) || (errno == EBADF && is_forbidden(highest_)))
    errno = EMFILE;
  return failed;
}

const char* DescriptorPlan::arrange(int& report_fd) const {
  Sources sources = sources_;
  if (report_fd <= highest_ && !lift(report_fd, highest_ + 1)) return "fcntl";
  if (!stage(sources)) return "fcntl";
  if (!place(sources)) return "dup2";
  if (!close_the_rest(report_fd)) return "close_range";
  return nullptr;
}

// Sources that another mapping would overwrite move above all targets first.
bool DescriptorPlan::stage(Sources& sources) const {
  for (int target = 0; target <= highest_; ++target) {
    int& source = sources[static_cast<unsigned>(target)];
    if (source == kNone || source == target || !is_target(source)) continue;
    if (!lift(source, highest_ + 1)) return false;
  }
  return true;
}

bool DescriptorPlan::place(const Sources& sources) const {
  for (int target = 0; target <= highest_; ++target) {
    const int source = sources[static_cast<unsigned>(target)];
    if (source == kNone) continue;
    // dup2 onto itself would keep close-on-exec.
    const int placed = source == target ? ::fcntl(target, F_SETFD, 0) : ::dup2(source, target);
    if (placed < 0) return false;
  }
  return true;
}

bool DescriptorPlan::close_the_rest(int report_fd) const {
  int next = 0;
  for (int target = 0; target <= highest_; ++target) {
    if (!is_target(target)) continue;
    if (!close_between(next, target)) return false;
    next = target + 1;
  }
  return close_between(next, report_fd) && close_numbers(report_fd + 1, kEveryNumber);
}

}  // namespace proc
