// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/fork_lane.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

namespace proc {
namespace {

constexpr int kEventNumber = 0;
constexpr int kFirstOutputNumber = 111;
constexpr int kControlNumber = 114;
constexpr int kMessageNumber = 115;
constexpr std::size_t kChunkSize = 64 * 1024;

// The same file, with a position of its own.
base::UniqueFd open_for_reading(int fd) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return base::UniqueFd(::open(path, O_RDONLY | O_CLOEXEC));
}

}  // namespace

ForkLane::ForkLane(base::MemoryFile event, base::MemoryFile message, base::UniqueFd message_reader,
                   base::Pipe control, Collector outputs)
    : event_(std::move(event)),
      message_(std::move(message)),
      message_reader_(std::move(message_reader)),
      control_(std::move(control)),
      outputs_(std::move(outputs)) {}

base::Result<ForkLane> ForkLane::open(const std::vector<Output>& outputs) {
  auto event = base::MemoryFile::create("event");
  if (!event) return event.error();
  auto message = base::MemoryFile::create("message");
  if (!message) return message.error();
  auto message_reader = open_for_reading(message->fd());
  if (!message_reader.valid()) return base::errno_error("open /proc/self/fd", errno);
  auto control = base::make_pipe();
  if (!control) return control.error();
  auto collector = Collector::open(outputs, output_pipe_size());
  if (!collector) return collector.error();
  return ForkLane(*std::move(event), *std::move(message), std::move(message_reader), *std::move(control),
                  *std::move(collector));
}

// Outputs are numbered one after the other, whatever the call sees them as.
void ForkLane::add_to(std::vector<DescriptorMapping>& mappings) const {
  mappings.push_back({kEventNumber, event_.fd()});
  mappings.push_back({kControlNumber, control_.read_end.get()});
  mappings.push_back({kMessageNumber, message_reader_.get()});
  int number = kFirstOutputNumber;
  for (const int fd : outputs_.child_ends()) mappings.push_back({number++, fd});
}

std::vector<int> ForkLane::output_numbers() const {
  std::vector<int> numbers(outputs_.child_ends().size());
  std::iota(numbers.begin(), numbers.end(), kFirstOutputNumber);
  return numbers;
}

// The event ends with a NUL in the message, as everything there: else an empty one would be no part of it.
base::Status ForkLane::fill(const ForkInput& input) {
  event_start_ = input.parts.size();
  const auto filled = input.event.size() <= kChunkSize ? fill_at_once(input) : fill_piece_by_piece(input);
  if (!filled) return filled;
  return event_.rewind();
}

// A call feels each system call.
base::Status ForkLane::fill_at_once(const ForkInput& input) {
  std::string message(input.parts);
  message.resize(message.size() + input.event.size() + 1);
  const std::span<char> event(message.data() + event_start_, input.event.size());
  const auto got = input.event.read_at(0, event);
  if (!got) return got.error();
  if (auto written = event_.append({event.data(), *got}); !written) return written;
  return message_.append(std::string_view(message).substr(0, event_start_ + *got + 1));
}

base::Status ForkLane::fill_piece_by_piece(const ForkInput& input) {
  if (auto copied = event_.append_from(input.event); !copied) return copied;
  if (auto written = message_.append(input.parts); !written) return written;
  if (auto copied = message_.append_from(input.event); !copied) return copied;
  return message_.append({"", 1});
}

base::Status ForkLane::send(std::string_view record) {
  return base::write_all(control_.write_end.get(), record);
}

base::Status ForkLane::tell(std::string_view message) {
  return message_.append(message);
}

Taken ForkLane::taken() const {
  int control = 0;
  ::ioctl(control_.read_end.get(), FIONREAD, &control);
  const auto read = ::lseek(message_reader_.get(), 0, SEEK_CUR);
  return taken_of(static_cast<std::size_t>(control), static_cast<std::size_t>(read), event_end());
}

// A fork reads the event up to its first NUL.
std::size_t ForkLane::event_end() const {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kChunkSize);
  for (std::size_t at = event_start_;;) {
    const auto got = message_.read_at(at, {buffer.get(), kChunkSize});
    if (!got || *got == 0) return at;
    const std::string_view chunk(buffer.get(), *got);
    const auto nul = chunk.find('\0');
    if (nul != std::string_view::npos) return at + nul + 1;
    at += *got;
  }
}

// A record that nobody has read would start the next fork at once.
void ForkLane::drain_control() {
  std::array<char, 256> unread;
  for (int left = 0; ::ioctl(control_.read_end.get(), FIONREAD, &left) == 0 && left > 0;)
    if (::read(control_.read_end.get(), unread.data(), unread.size()) <= 0) return;
}

base::Status ForkLane::forget_fork() {
  pid = -1;
  pidfd.reset();
  drain_control();
  return clear();
}

base::Status ForkLane::recycle() {
  late_ |= outputs_.discard();
  return forget_fork();
}

base::Status ForkLane::clear() {
  if (auto cleared = event_.clear(); !cleared) return cleared;
  if (auto cleared = message_.clear(); !cleared) return cleared;
  if (::lseek(message_reader_.get(), 0, SEEK_SET) < 0) return base::errno_error("lseek", errno);
  return base::Done{};
}

}  // namespace proc
