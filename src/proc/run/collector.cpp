// SPDX-License-Identifier: Apache-2.0
#include "proc/run/collector.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace proc {
namespace {

// One read empties a usual pipe.
constexpr std::size_t kChunkSize = kUsualPipe;
constexpr std::size_t kPage = 4096;
// Between two looks at the size of a file: at the speed of memory it grows by some ten megabytes meanwhile.
constexpr auto kFileLook = std::chrono::milliseconds(10);

int one_of(const base::UniqueFd& end, const std::optional<base::MemoryFile>& file) {
  return file ? file->fd() : end.get();
}

// Also where it does not wait, poll(2) may be told of a signal.
void poll_at_once(std::span<pollfd> polled) {
  while (::poll(polled.data(), polled.size(), 0) < 0 && errno == EINTR) continue;
}

}  // namespace

Collector::Collector(std::size_t pipe_size)
    : pipe_size_(pipe_size), buffer_(std::make_unique_for_overwrite<char[]>(kChunkSize)) {}

base::Result<Collector> Collector::open(const std::vector<Output>& outputs, std::size_t pipe_size) {
  Collector collector(pipe_size);
  collector.channels_.reserve(outputs.size());
  for (const Output& output : outputs)
    if (auto opened = collector.open_channel(output); !opened) return opened.error();
  collector.expect_files();
  return collector;
}

// A size that is refused is no error: then the pipe is smaller.
base::Status Collector::open_channel(const Output& output) {
  Channel& channel = channels_.emplace_back();
  channel.output = output;
  if (output.file_limit > 0) {
    auto file = base::MemoryFile::create("answer");
    if (!file) return file.error();
    channel.file = *std::move(file);
    return base::Done{};
  }
  auto pipe = base::make_pipe();
  if (!pipe) return pipe.error();
  if (pipe_size_ > kUsualPipe) ::fcntl(pipe->read_end.get(), F_SETPIPE_SZ, static_cast<int>(pipe_size_));
  channel.read_end = std::move(pipe->read_end);
  channel.write_end = std::move(pipe->write_end);
  return base::Done{};
}

void Collector::add_to(std::vector<DescriptorMapping>& mappings) const {
  for (const Channel& channel : channels_)
    mappings.push_back({channel.output.child_fd, one_of(channel.write_end, channel.file)});
}

std::vector<int> Collector::child_ends() const {
  std::vector<int> fds;
  for (const Channel& channel : channels_) fds.push_back(one_of(channel.write_end, channel.file));
  return fds;
}

bool Collector::aim(const std::vector<Output>& outputs) {
  const auto same = [](const Channel& channel, const Output& output) {
    return channel.output.child_fd == output.child_fd && channel.file.has_value() == (output.file_limit > 0);
  };
  if (!std::equal(channels_.begin(), channels_.end(), outputs.begin(), outputs.end(), same)) return false;
  refused_.reset();
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    channels_[i].output = outputs[i];
    channels_[i].count = 0;
    channels_[i].ended = false;
  }
  expect_files();
  return true;
}

void Collector::expect_files() {
  const auto is_file = [](const Channel& channel) { return channel.file.has_value(); };
  if (std::any_of(channels_.begin(), channels_.end(), is_file)) look_at_ = base::Deadline::after(kFileLook);
}

bool Collector::discard() {
  bool was_late = false;
  for (Channel& channel : channels_) was_late |= !empty(channel) && channel.output.whole;
  return was_late;
}

// False: there was something.
bool Collector::empty(Channel& channel) {
  if (channel.file) {
    const auto size = channel.file->measure();
    const bool is_same = size && *size == channel.count;
    return channel.file->clear().ok() && is_same;
  }
  const int fd = channel.read_end.get();
  bool was_empty = true;
  for (; base::is_readable(fd) && ::read(fd, buffer_.get(), kChunkSize) > 0; was_empty = false) continue;
  const auto size = static_cast<int>(pipe_size_);
  if (::fcntl(fd, F_GETPIPE_SZ) != size) ::fcntl(fd, F_SETPIPE_SZ, size);
  return was_empty;
}

void Collector::close_child_ends() {
  for (Channel& channel : channels_) channel.write_end.reset();
}

void Collector::watch(std::span<pollfd> polled) const {
  const auto of_sinks = polled.subspan(channels_.size());
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const Channel& channel = channels_[i];
    const ByteSink& sink = *channel.output.sink;
    const auto wait = channel.ended ? ByteSink::Wait{} : sink.waits_for();
    polled[i] = {channel.ended || sink.busy() ? -1 : channel.read_end.get(), POLLIN, 0};
    of_sinks[i] = {wait.fd, wait.events, 0};
  }
}

void Collector::take_ready(std::span<const pollfd> polled) {
  const auto of_sinks = polled.subspan(channels_.size());
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (of_sinks[i].revents != 0 && !channels_[i].output.sink->proceed()) refuse(channels_[i]);
    if (channels_[i].ended) continue;
    if (polled[i].revents & POLLIN)
      take_chunk(channels_[i]);
    else if (polled[i].revents != 0)
      channels_[i].ended = true;
  }
  if (look_at_.passed()) look_at_files();
}

void Collector::look_at_files() {
  look_at_ = base::Deadline::after(kFileLook);
  for (Channel& channel : channels_) {
    if (!channel.file) continue;
    const auto size = channel.file->measure();
    if (!size || *size > channel.output.file_limit) refuse(channel);
  }
}

bool Collector::drain(base::Deadline limit) {
  const bool whole = drain_pipes(limit);
  look_at_ = base::Deadline::never();
  for (Channel& channel : channels_)
    if (channel.file) take_file(channel);
  return whole;
}

// In turns, so that an endless writer on one pipe takes nothing from the other.
bool Collector::drain_pipes(base::Deadline limit) {
  std::vector<pollfd> polled(channels_.size());
  for (bool first = true; poll_pipes(polled); first = false) {
    const bool is_late = !first && limit.passed();
    for (std::size_t i = 0; i < channels_.size(); ++i)
      if (!channels_[i].ended && (polled[i].revents & POLLIN)) take_polled(channels_[i], is_late);
    if (is_late) return !poll_pipes(polled);
  }
  return true;
}

// True: one of them can be read. Of those that have ended it is still found out whether they are closed.
bool Collector::poll_pipes(std::span<pollfd> polled) {
  const auto is_done = [](const Channel& channel) { return channel.is_done(); };
  if (std::all_of(channels_.begin(), channels_.end(), is_done)) return false;
  for (std::size_t i = 0; i < channels_.size(); ++i)
    polled[i] = {channels_[i].is_done() ? -1 : channels_[i].read_end.get(), POLLIN, 0};
  poll_at_once(polled);
  return take_events(polled);
}

bool Collector::take_events(std::span<const pollfd> polled) {
  bool can_be_read = false;
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const bool readable = (polled[i].revents & POLLIN) != 0;
    channels_[i].closed |= (polled[i].revents & POLLHUP) != 0;
    channels_[i].ended |= channels_[i].closed && !readable;
    can_be_read |= !channels_[i].ended && readable;
  }
  return can_be_read;
}

// When it is late, what is in the pipe by then: behind all that was there at the end of the run, which a slow
// sink has not cost, somebody may write for ever.
void Collector::take_polled(Channel& channel, bool is_late) {
  const bool is_busy = channel.output.sink->busy();
  if (is_busy || is_late)
    take_rest(channel);
  else if (!take_chunk(channel))
    channel.ended |= channel.closed;
  channel.ended |= is_busy;
}

// False: the pipe is empty, for it was a short read.
bool Collector::take_chunk(Channel& channel) {
  const ssize_t got = ::read(channel.read_end.get(), buffer_.get(), kChunkSize);
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) channel.ended = true;
  if (got > 0) pass_on(channel, static_cast<std::size_t>(got));
  return got == static_cast<ssize_t>(kChunkSize);
}

// Waiting for the sink would hold up the end, and reading on would fill the memory where somebody still
// writes. A pipe holds 1 MiB at most.
void Collector::take_rest(Channel& channel) {
  int rest = 0;
  ::ioctl(channel.read_end.get(), FIONREAD, &rest);
  for (auto left = static_cast<std::size_t>(rest); left > 0 && !channel.ended;) {
    const ssize_t got = ::read(channel.read_end.get(), buffer_.get(), std::min(left, kChunkSize));
    if (got <= 0) break;
    pass_on(channel, static_cast<std::size_t>(got));
    left -= static_cast<std::size_t>(got);
  }
}

// As large as it is now: who writes on is not waited for. One that was refused, too: its sink refuses it, and
// knows then how much it was.
void Collector::take_file(Channel& channel) {
  const auto size = channel.file->measure();
  for (std::size_t at = 0; size && at < *size;) {
    const auto got = channel.file->read_at(at, {buffer_.get(), std::min(kChunkSize, *size - at)});
    if (!got) return refuse(channel);
    if (*got == 0 || !pass_on(channel, *got)) return;  // cut meanwhile, or refused
    at += *got;
  }
  if (!size) refuse(channel);
}

bool Collector::pass_on(Channel& channel, std::size_t count) {
  channel.count += count;
  const bool taken = channel.output.sink->take({buffer_.get(), count});
  if (!taken) refuse(channel);
  return taken;
}

void Collector::refuse(Channel& channel) {
  channel.ended = true;
  if (!refused_) refused_ = channel.output.child_fd;
}

bool Collector::is_held() const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [](const Channel& channel) { return channel.is_held(); });
}

HeldOutput Collector::take_held() {
  for (Channel& channel : channels_)
    if (channel.is_held()) return {std::move(channel.read_end), std::move(channel.file), {}};
  return {};
}

std::optional<FileIdentity> Collector::whole() const {
  for (const Channel& channel : channels_)
    if (channel.output.whole) return identity_of(one_of(channel.read_end, channel.file));
  return std::nullopt;
}

bool Collector::is_full() const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [](const Channel& channel) { return channel.output.whole && channel.is_full(); });
}

// Who does not wait for room has filled the pipe once, and each place that one of our reads has made
// meanwhile. The size is asked for only where the count says that it matters.
bool Collector::Channel::is_full() const {
  if (file || count == 0 || count % kPage != 0) return false;
  const auto size = static_cast<std::size_t>(std::max(::fcntl(read_end.get(), F_GETPIPE_SZ), 1));
  return count >= size && count % std::min(size, kChunkSize) == 0;
}

}  // namespace proc
