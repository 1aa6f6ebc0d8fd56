// SPDX-License-Identifier: Apache-2.0
#include "runtime/last_resort.h"

#include "base/deadline.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cstdlib>
#include <system_error>

namespace runtime {
namespace {

// Killing takes no time, and nobody sees any more whether it worked.
constexpr std::chrono::milliseconds kEndTime{10};

}  // namespace

// Without a descriptor or a thread there is none: everything else works, and ends as it can.
LastResort::LastResort(proc::Family& family, int stop_fd)
    : family_(family), stop_fd_(stop_fd), quit_(::eventfd(0, EFD_CLOEXEC)) {
  if (!quit_.valid()) return;
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    return;
  }
}

LastResort::~LastResort() {
  if (!thread_.joinable()) return;
  ::eventfd_write(quit_.get(), 1);
  thread_.join();
}

void LastResort::watch() {
  std::array<pollfd, 2> either{{{quit_.get(), POLLIN, 0}, {stop_fd_, POLLIN, 0}}};
  while (::poll(either.data(), either.size(), -1) < 0) continue;
  if (either[0].revents != 0) return;
  const auto due = base::Deadline::after(time_.load());
  pollfd only{quit_.get(), POLLIN, 0};
  while (::poll(&only, 1, due.poll_timeout()) < 0) continue;
  if (only.revents != 0) return;
  if (ends_all_) family_.end_all(base::Deadline::after(kEndTime));
  std::_Exit(0);
}

}  // namespace runtime
