// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/interrupt.h"

#include "base/io/unique_fd.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <thread>

namespace emulator {
namespace {

void announce(int event_fd) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_fd, &one, sizeof one);
}

bool is_readable(const pollfd& entry) {
  return (entry.revents & POLLIN) != 0;
}

/// The first signal that came before `done_fd` became readable; 0: none.
int watch_signals(proc::SignalQueue& signals, int done_fd, const std::function<void()>& on_signal) {
  std::array<pollfd, 2> watched{{{signals.fd(), POLLIN, 0}, {done_fd, POLLIN, 0}}};
  int first = 0;
  while (!is_readable(watched[1])) {
    ::poll(watched.data(), watched.size(), -1);
    if (!is_readable(watched[0])) continue;
    const int signal = signals.wait_until(base::Deadline::after({}));
    if (first == 0) first = signal;
    if (signal != 0) on_signal();
  }
  return first;
}

}  // namespace

int run_until_signal(proc::SignalQueue& signals, const std::function<int(int stop_fd)>& work,
                     const std::function<void()>& cancel) {
  const base::UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
  const base::UniqueFd done(::eventfd(0, EFD_CLOEXEC));
  int status = 0;
  std::thread worker([&] {
    status = work(stop.get());
    announce(done.get());
  });
  const int signal = watch_signals(signals, done.get(), [&] {
    announce(stop.get());
    cancel();
  });
  worker.join();
  return signal != 0 ? 128 + signal : status;
}

}  // namespace emulator
