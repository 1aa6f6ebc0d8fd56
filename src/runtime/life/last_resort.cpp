// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/last_resort.h"

#include "base/deadline.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace runtime {
namespace {

// Killing takes no time, and nobody sees any more whether it worked.
constexpr std::chrono::milliseconds kEndTime{10};

// False: the limit has passed, or it is refused.
template <std::size_t count>
bool is_any_ready(std::array<pollfd, count>& entries, base::Deadline limit) {
  int ready = 0;
  do ready = ::poll(entries.data(), entries.size(), limit.poll_timeout());
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

// Without a descriptor or a thread there is none: everything else works, and ends as it can.
LastResort::LastResort(proc::Family& family, int stop_fd) : family_(family), stop_fd_(stop_fd) {
  auto quit = base::make_pipe();
  if (!quit) return;
  quit_ = *std::move(quit);
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    return;
  }
}

LastResort::~LastResort() {
  if (!thread_.joinable()) return;
  static_cast<void>(!::write(quit_.write_end.get(), "", 1));
  quit_.write_end.reset();  // a kernel that refuses one of the two knows the other
  thread_.join();
}

// Who is only slow starts something else now and then, or nothing. False: nobody needs to know any more.
bool LastResort::exec_hangs() {
  std::array<pollfd, 1> quit{{{quit_.read_end.get(), POLLIN, 0}}};
  for (auto seen = family_.oldest_start();;) {
    const auto due = base::Deadline::after(time_.load());
    if (is_any_ready(quit, due) || !due.passed()) return false;
    const auto now = family_.oldest_start();
    if (now && now == seen) return true;
    seen = now;
  }
}

void LastResort::watch() {
  std::array<pollfd, 2> either{{{quit_.read_end.get(), POLLIN, 0}, {stop_fd_, POLLIN, 0}}};
  if (!is_any_ready(either, base::Deadline::never()) || either[0].revents != 0) return;
  if (!exec_hangs()) return;
  if (ends_all_) family_.end_all(base::Deadline::after(kEndTime));
  std::_Exit(0);
}

}  // namespace runtime
