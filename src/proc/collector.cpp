// SPDX-License-Identifier: Apache-2.0
#include "proc/collector.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace proc {
namespace {

// What a pipe holds unless somebody enlarged it: one read empties it.
constexpr std::size_t kChunkSize = 64 * 1024;

}  // namespace

Collector::Collector() : buffer_(std::make_unique_for_overwrite<char[]>(kChunkSize)) {}

base::Result<Collector> Collector::open(const std::vector<Output>& outputs) {
  Collector collector;
  collector.channels_.reserve(outputs.size());
  for (const Output& output : outputs) {
    auto pipe = base::make_pipe();
    if (!pipe) return pipe.error();
    // Our end only: the child's is another open file description and stays blocking.
    if (::fcntl(pipe->read_end.get(), F_SETFL, O_NONBLOCK) != 0) return base::errno_error("fcntl", errno);
    collector.channels_.push_back({output, std::move(pipe->read_end), std::move(pipe->write_end), false});
  }
  return collector;
}

void Collector::add_to(std::vector<DescriptorMapping>& mappings) const {
  for (const Channel& channel : channels_)
    mappings.push_back({channel.output.child_fd, channel.write_end.get()});
}

std::vector<int> Collector::write_ends() const {
  std::vector<int> fds;
  for (const Channel& channel : channels_) fds.push_back(channel.write_end.get());
  return fds;
}

bool Collector::aim(const std::vector<Output>& outputs) {
  const auto same = [](const Channel& channel, const Output& output) {
    return channel.output.child_fd == output.child_fd;
  };
  if (!std::equal(channels_.begin(), channels_.end(), outputs.begin(), outputs.end(), same)) return false;
  refused_.reset();
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    channels_[i].output.sink = outputs[i].sink;
    channels_[i].ended = false;
  }
  return true;
}

void Collector::discard() {
  for (const Channel& channel : channels_) {
    while (::read(channel.read_end.get(), buffer_.get(), kChunkSize) > 0) continue;
    if (::fcntl(channel.read_end.get(), F_GETPIPE_SZ) < static_cast<int>(kChunkSize))
      ::fcntl(channel.read_end.get(), F_SETPIPE_SZ, kChunkSize);
  }
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
}

bool Collector::drain(base::Deadline limit) {
  // In turns, so that an endless writer on one pipe takes nothing from the other.
  for (bool more = true; more;) {
    more = false;
    for (Channel& channel : channels_)
      more |= !channel.ended && (channel.output.sink->busy() ? take_rest(channel) : take_chunk(channel));
    if (more && limit.passed()) return false;
  }
  return true;
}

// True while there may be more: a short read has emptied the pipe.
bool Collector::take_chunk(Channel& channel) {
  const ssize_t got = ::read(channel.read_end.get(), buffer_.get(), kChunkSize);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return errno == EINTR;
  if (got <= 0) channel.ended = true;
  if (got > 0) pass_on(channel, static_cast<std::size_t>(got));
  return got == static_cast<ssize_t>(kChunkSize);
}

// Waiting for the sink would hold up the end, and reading on would fill the memory where somebody still
// writes. A pipe holds 64 KiB, or 1 MiB where a child has enlarged it.
bool Collector::take_rest(Channel& channel) {
  int rest = 0;
  ::ioctl(channel.read_end.get(), FIONREAD, &rest);
  for (auto left = static_cast<std::size_t>(rest); left > 0 && !channel.ended;) {
    const ssize_t got = ::read(channel.read_end.get(), buffer_.get(), std::min(left, kChunkSize));
    if (got <= 0) break;
    pass_on(channel, static_cast<std::size_t>(got));
    left -= static_cast<std::size_t>(got);
  }
  channel.ended = true;
  return false;
}

void Collector::pass_on(Channel& channel, std::size_t count) {
  if (!channel.output.sink->take({buffer_.get(), count})) refuse(channel);
}

void Collector::refuse(Channel& channel) {
  channel.ended = true;
  if (!refused_) refused_ = channel.output.child_fd;
}

}  // namespace proc
