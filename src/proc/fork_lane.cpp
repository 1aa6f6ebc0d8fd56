// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_lane.h"

#include <cstdio>
#include <utility>

namespace proc {
namespace {

constexpr int kEventNumber = 40;
constexpr int kFirstOutputNumber = 41;
constexpr int kControlNumber = 44;
constexpr int kMessageNumber = 45;
constexpr std::size_t kRecordSize = 8;

// Outputs are numbered one after the other, whatever the call sees them as. Their sinks come with each run.
std::vector<Output> outputs_without_sinks(const std::vector<int>& fds) {
  std::vector<Output> outputs;
  for (const int fd : fds) outputs.push_back({fd, nullptr});
  return outputs;
}

}  // namespace

ForkLane::ForkLane(base::MemoryFile event, base::MemoryFile message, base::Pipe control, Collector outputs)
    : event_(std::move(event)),
      message_(std::move(message)),
      control_(std::move(control)),
      outputs_(std::move(outputs)) {}

base::Result<ForkLane> ForkLane::open(const std::vector<int>& output_fds) {
  auto event = base::MemoryFile::create("event");
  if (!event) return event.error();
  auto message = base::MemoryFile::create("message");
  if (!message) return message.error();
  auto control = base::make_pipe();
  if (!control) return control.error();
  auto outputs = Collector::open(outputs_without_sinks(output_fds));
  if (!outputs) return outputs.error();
  return ForkLane(*std::move(event), *std::move(message), *std::move(control), *std::move(outputs));
}

void ForkLane::add_to(std::vector<DescriptorMapping>& mappings) const {
  mappings.push_back({kEventNumber, event_.fd()});
  mappings.push_back({kControlNumber, control_.read_end.get()});
  mappings.push_back({kMessageNumber, message_.fd()});
  int number = kFirstOutputNumber;
  for (const int fd : outputs_.write_ends()) mappings.push_back({number++, fd});
}

base::Status ForkLane::send(const ForkInput& input) {
  if (auto filled = fill(input); !filled) {
    if (auto cleared = clear(); !cleared) return cleared;
    return filled;
  }
  char record[16];
  std::snprintf(record, sizeof record, "%8zu", input.variable_count + 1);
  return base::write_all(control_.write_end.get(), {record, kRecordSize});
}

base::Status ForkLane::fill(const ForkInput& input) {
  if (auto copied = event_.append_from(input.event); !copied) return copied;
  if (auto rewound = event_.rewind(); !rewound) return rewound;
  if (auto written = message_.append(input.variables); !written) return written;
  if (auto copied = message_.append_from(input.event); !copied) return copied;
  return message_.rewind();
}

base::Status ForkLane::tell(std::string_view message) {
  if (auto written = message_.append(message); !written) return written;
  return message_.rewind();
}

base::Status ForkLane::recycle() {
  pid = -1;
  pidfd.reset();
  outputs_.discard();
  return clear();
}

base::Status ForkLane::clear() {
  if (auto cleared = event_.clear(); !cleared) return cleared;
  return message_.clear();
}

}  // namespace proc
