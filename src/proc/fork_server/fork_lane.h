// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "proc/fork_server/fork_protocol.h"
#include "proc/run/collector.h"
#include "proc/setup/command.h"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace proc {

/// What a fork server's call gets.
struct ForkInput {
  std::string parts;              ///< of the message, each with a NUL behind it, before its last one
  std::size_t part_count = 0;     ///< of them
  const base::MemoryFile& event;  ///< copied: standard input, and the message's last part
};

/// The descriptors that the forks of a server live on, one after the other: two memory files, a control pipe
/// and the pipes of its outputs. Private to this room.
class ForkLane {
 public:
  /// `outputs`: as of each run; their sinks come with it.
  static base::Result<ForkLane> open(const std::vector<Output>& outputs);

  /// What the server gets; numbers as in fork_server.h.
  void add_to(std::vector<DescriptorMapping>& mappings) const;

  /// The files, for the fork that waits here; then its record lets it start.
  base::Status fill(const ForkInput& input);
  base::Status send(std::string_view record);

  /// The same of a message for the server itself; clear() when it has been read.
  base::Status tell(std::string_view message);
  base::Status clear();

  /// What the fork, which has ended, or stands still, has taken of record and message.
  [[nodiscard]] Taken taken() const;

  /// The fork is gone and has taken nothing: without it, and empty, for the next one.
  base::Status forget_fork();

  /// The same behind a call. Nobody may hold the descriptors but the server.
  base::Status recycle();

  Collector& outputs() { return outputs_; }
  /// Something was written to the output that is to be whole between a run's end and recycle(); once.
  bool take_late() { return std::exchange(late_, false); }
  /// What the outputs are called in the server.
  [[nodiscard]] std::vector<int> output_numbers() const;

  /// The fork that waits or runs here, as soon as it is known.
  pid_t pid = -1;
  base::UniqueFd pidfd;

 private:
  ForkLane(base::MemoryFile event, base::MemoryFile message, base::UniqueFd message_reader,
           base::Pipe control, Collector outputs);

  base::Status fill_at_once(const ForkInput& input);
  base::Status fill_piece_by_piece(const ForkInput& input);
  void drain_control();
  [[nodiscard]] std::size_t event_end() const;

  base::MemoryFile event_;
  base::MemoryFile message_;
  base::UniqueFd message_reader_;  // what the server has: nobody there can write, or move our position
  std::size_t event_start_ = 0;    // in the message
  base::Pipe control_;             // both ends kept: a write must not raise SIGPIPE when the server is gone
  Collector outputs_;
  bool late_ = false;
};

}  // namespace proc
