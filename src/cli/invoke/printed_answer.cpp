// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/printed_answer.h"

#include "cli/line/streams.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace cli {

PrintedAnswer::PrintedAnswer(int fd, std::string separator, int stop_fd)
    : fd_(fd),
      separator_(std::move(separator)),
      stop_fd_(stop_fd),
      is_terminal_(::isatty(fd) == 1),
      ended_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool PrintedAnswer::take(std::string_view bytes) {
  const auto text = std::exchange(separator_, {}) + std::string(bytes);
  if (!write_out(fd_, text, stop_fd_, ended_.get())) failed_ = true;
  if (!text.empty()) last_ = text.back();
  return !failed_;
}

// A terminal that is held (Ctrl-S) does without.
void PrintedAnswer::end() {
  pollfd ready{fd_, POLLOUT, 0};
  if (is_terminal_ && last_.exchange('\n') != '\n' && ::poll(&ready, 1, 0) > 0)
    failed_ = ::write(fd_, "\n", 1) != 1;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(ended_.get(), &one, sizeof one);
}

}  // namespace cli
