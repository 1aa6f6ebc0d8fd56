// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/log_capture.h"

#include "base/text/text.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace emulator {
namespace {

// A line beyond this is passed on in pieces.
constexpr std::size_t kLongestLine = 64 * 1024;

}  // namespace

LogCapture::LogCapture(base::Pipe pipe, base::Logger& target, std::size_t kept)
    : pipe_(std::move(pipe)), target_(target), kept_(kept), stop_(::eventfd(0, EFD_CLOEXEC)) {
  // Only this end: the writers' end is a description of its own, and stays blocking.
  [[maybe_unused]] const auto set = base::set_nonblocking(pipe_.read_end.get());
  listener_ = std::thread([this] { listen(); });
}

LogCapture::~LogCapture() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
  listener_.join();
  drain();
  if (!unfinished_line_.empty()) target_.pass_on(unfinished_line_ + "\n");
}

void LogCapture::begin() {
  drain();
  const std::lock_guard lock(mutex_);
  tail_.clear();
}

std::string LogCapture::tail() {
  drain();
  const std::lock_guard lock(mutex_);
  return tail_;
}

std::string LogCapture::tail_with(std::string_view part) {
  const auto everything = tail();
  std::string lines;
  for (const auto line : base::split(everything, '\n'))
    if (line.find(part) != line.npos) lines.append(line).push_back('\n');
  return lines.substr(lines.size() - std::min(lines.size(), kTail));
}

/// Until it is told to stop, not until the end of the pipe: a process that got away may hold it for ever.
void LogCapture::listen() {
  std::array<pollfd, 2> watched{{{pipe_.read_end.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  while ((watched[1].revents & POLLIN) == 0) {
    ::poll(watched.data(), watched.size(), -1);
    drain();
  }
}

/// Whoever holds the lock reads, so that tail() sees what the listener has not come to yet.
void LogCapture::drain() {
  const std::lock_guard lock(mutex_);
  std::array<char, 16 * 1024> buffer{};
  for (ssize_t got = 0; (got = ::read(pipe_.read_end.get(), buffer.data(), buffer.size())) > 0;)
    take({buffer.data(), static_cast<std::size_t>(got)});
}

void LogCapture::take(std::string_view bytes) {
  tail_.append(bytes);
  if (tail_.size() > kept_) tail_.erase(0, tail_.size() - kept_);
  unfinished_line_.append(bytes);
  auto end = unfinished_line_.rfind('\n');
  if (end == std::string::npos && unfinished_line_.size() > kLongestLine) end = unfinished_line_.size() - 1;
  if (end == std::string::npos) return;
  target_.pass_on(std::string_view(unfinished_line_).substr(0, end + 1));
  unfinished_line_.erase(0, end + 1);
}

}  // namespace emulator
