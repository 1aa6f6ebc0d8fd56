// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "proc/byte_sink.h"
#include "proc/command.h"
#include "proc/run.h"

#include <poll.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace proc {

/// The pipes of one child's outputs, from the reading side. Private to this room. Never blocks.
class Collector {
 public:
  static base::Result<Collector> open(const std::vector<Output>& outputs);

  /// The writing ends, for the child.
  void add_to(std::vector<DescriptorMapping>& mappings) const;
  /// The same without the child's numbers for them, in order.
  [[nodiscard]] std::vector<int> write_ends() const;

  /// For pipes that several runs use one after the other: what comes from now on goes to these sinks, of the
  /// same outputs in the same order. False: they are not the same.
  bool aim(const std::vector<Output>& outputs);

  /// Forgets what is in the pipes, and gives them back the size that a run has taken from them. Only where
  /// nobody writes any more: it goes on until they are empty.
  void discard();

  /// Once the child has them. As long as we held them too, no pipe would ever end.
  void close_child_ends();

  /// Entries that watch() fills.
  [[nodiscard]] std::size_t entries() const { return 2 * channels_.size(); }

  /// Fills one entry for the pipe of each output, in order, then one for what its sink waits for; where there
  /// is nothing to wait for, it is an entry that poll(2) skips.
  void watch(std::span<pollfd> polled) const;

  /// Passes on at most one chunk of each output that poll(2) found ready, so that deadlines keep their turn.
  void take_ready(std::span<const pollfd> polled);

  /// Passes on what is in the pipes until they are empty; false when `limit` was faster, which takes a writer
  /// that is still there. A sink that is busy gets what is in its pipe at that moment and no more.
  bool drain(base::Deadline limit);

  /// The output whose sink wanted no more. It is not read any more, the others go on.
  [[nodiscard]] std::optional<int> refused() const { return refused_; }

 private:
  struct Channel {
    Output output;
    base::UniqueFd read_end;
    base::UniqueFd write_end;
    bool ended = false;  ///< or refused: not read any more
  };

  Collector();
  bool take_chunk(Channel& channel);
  bool take_rest(Channel& channel);
  void pass_on(Channel& channel, std::size_t count);
  void refuse(Channel& channel);

  std::vector<Channel> channels_;
  std::optional<int> refused_;
  std::unique_ptr<char[]> buffer_;  // never zeroed: most runs touch its first page only
};

}  // namespace proc
