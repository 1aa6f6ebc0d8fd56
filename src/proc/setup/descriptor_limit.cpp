// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/descriptor_limit.h"

#include <atomic>

namespace proc {
namespace {

// 0: what they inherit is right.
std::atomic<rlim_t>& soft_limit_of_children() {
  static std::atomic<rlim_t> limit{0};
  return limit;
}

std::optional<rlimit> own_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return limit;
}

}  // namespace

std::optional<DescriptorLimit> descriptor_limit() {
  const auto limit = own_limit();
  if (!limit) return std::nullopt;
  return DescriptorLimit{limit->rlim_cur, limit->rlim_max};
}

bool raise_descriptor_limit(std::size_t count) {
  auto limit = own_limit();
  if (!limit) return false;
  const auto before = limit->rlim_cur;
  limit->rlim_cur = count;
  if (::setrlimit(RLIMIT_NOFILE, &*limit) != 0) return false;
  soft_limit_of_children() = before;
  return true;
}

std::optional<rlimit> limit_for_children() {
  const rlim_t soft = soft_limit_of_children();
  if (soft == 0) return std::nullopt;
  auto limit = own_limit();
  if (limit) limit->rlim_cur = soft;
  return limit;
}

const char* restore_descriptor_limit(const rlimit& limit) {
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? nullptr : "setrlimit";
}

}  // namespace proc
