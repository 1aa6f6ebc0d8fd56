// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "base/result.h"
#include "proc/run/byte_sink.h"
#include "proc/run/pipe_size.h"
#include "proc/run/run.h"
#include "proc/setup/command.h"
#include "proc/tree/held_output.h"

#include <poll.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace proc {

/// The pipes and files of one child's outputs, from the reading side. Private to this room. Never blocks: it
/// reads what poll(2) has found, and nobody else reads there.
class Collector {
 public:
  /// Pipes of `pipe_size` bytes, where the kernel grants that.
  static base::Result<Collector> open(const std::vector<Output>& outputs, std::size_t pipe_size = kUsualPipe);

  /// The child's ends.
  void add_to(std::vector<DescriptorMapping>& mappings) const;
  /// The same without the child's numbers for them, in order.
  [[nodiscard]] std::vector<int> child_ends() const;

  /// For pipes that several runs use one after the other: what comes from now on goes to these sinks, of the
  /// same outputs in the same order. False: they are not the same.
  bool aim(const std::vector<Output>& outputs);

  /// Forgets what is in the pipes and files, and gives the pipes back the size that a run has taken from
  /// them. Only where nobody writes any more: it goes on until they are empty. True: there was something in
  /// the output that is to be whole, written when the run was over.
  bool discard();

  /// Once the child has them, or has ended. As long as we held them too, no pipe would ever end.
  void close_child_ends();

  /// Entries that watch() fills.
  [[nodiscard]] std::size_t entries() const { return 2 * channels_.size(); }

  /// Fills one entry for the pipe of each output, in order, then one for what its sink waits for; where there
  /// is nothing to wait for, it is an entry that poll(2) skips.
  void watch(std::span<pollfd> polled) const;

  /// When take_ready() has something to do without any of them: the size of files tells nobody that it grows.
  [[nodiscard]] base::Deadline look_at() const { return look_at_; }

  /// Passes on at most one chunk of each output that poll(2) found ready, so that deadlines keep their turn.
  void take_ready(std::span<const pollfd> polled);

  /// Passes on what is in the pipes until they are empty, and then what is in files; false when `limit` was
  /// faster than the pipes, which takes a writer that is still there: then what is in them at that moment is
  /// passed on, too, and no more. So it is where a sink is busy.
  bool drain(base::Deadline limit);

  /// The output whose sink wanted no more, or whose file was too large. It is not read any more, the others
  /// go on.
  [[nodiscard]] std::optional<int> refused() const { return refused_; }

  // Of the output that is to be whole:

  /// Behind drain(), where the child's ends were closed before it: others have its pipe open, or may have its
  /// file.
  [[nodiscard]] bool is_held() const;
  /// That pipe or file, moved out of here; the last thing asked for.
  HeldOutput take_held();

  /// As RunResult::full.
  [[nodiscard]] bool is_full() const;

  /// Which pipe or file it is.
  [[nodiscard]] std::optional<FileIdentity> whole() const;

 private:
  struct Channel {
    Output output;
    base::UniqueFd read_end{};
    base::UniqueFd write_end{};
    std::optional<base::MemoryFile> file{};  ///< in place of both
    std::size_t count = 0;                   ///< bytes passed on
    bool ended = false;                      ///< or refused: not read any more
    bool closed = false;                     ///< nobody has the pipe's other end any more

    [[nodiscard]] bool is_held() const { return output.whole && !closed; }
    [[nodiscard]] bool is_done() const { return ended && (file || !is_held()); }
    [[nodiscard]] bool is_full() const;
  };

  explicit Collector(std::size_t pipe_size);
  base::Status open_channel(const Output& output);
  bool drain_pipes(base::Deadline limit);
  bool poll_pipes(std::span<pollfd> polled);
  bool take_events(std::span<const pollfd> polled);
  void take_polled(Channel& channel, bool is_late);
  bool take_chunk(Channel& channel);
  void take_rest(Channel& channel);
  void take_file(Channel& channel);
  void look_at_files();
  bool pass_on(Channel& channel, std::size_t count);
  void refuse(Channel& channel);
  bool empty(Channel& channel);
  void expect_files();

  std::size_t pipe_size_;
  std::vector<Channel> channels_;
  std::optional<int> refused_;
  base::Deadline look_at_ = base::Deadline::never();
  std::unique_ptr<char[]> buffer_;  // never zeroed: most runs touch its first page only
};

}  // namespace proc
