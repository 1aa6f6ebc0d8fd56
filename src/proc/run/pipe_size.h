// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace proc {

/// What a pipe holds unless somebody changes that: 16 pages.
constexpr std::size_t kUsualPipe = std::size_t{64} * 1024;
/// /proc/sys/fs/pipe-max-size as kernels are shipped: the most that a process without privileges may ask for.
constexpr std::size_t kLargestPipe = std::size_t{1024} * 1024;

/// How many pipes a process has at a time, at most.
struct PipeNeed {
  std::size_t lanes;    ///< runs side by side
  std::size_t outputs;  ///< of each: pipes of a child's outputs
  std::size_t others;   ///< of each: pipes that stay as they are
};

/// How large each of the outputs may be, so that all pipes together hold a quarter of `user_bytes`: beyond
/// all of it (/proc/sys/fs/pipe-user-pages-soft) the kernel gives every new pipe of that user, a handler's
/// own included, two pages only. From kUsualPipe to kLargestPipe, a power of two, as the kernel rounds. 0:
/// there is no such limit. Pure.
std::size_t fair_pipe_size(const PipeNeed& need, std::size_t user_bytes);

/// From now on the pipes of every child's outputs are of the fair size, or of the largest below it that the
/// kernel grants this process; which one. Costs each of them one system call where that is more than usual.
/// Once, before the first worker.
std::size_t enlarge_output_pipes(const PipeNeed& need);

/// The size for a pipe of a child's output. Private to this room.
std::size_t output_pipe_size();

}  // namespace proc
