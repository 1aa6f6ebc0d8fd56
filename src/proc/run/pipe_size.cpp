// SPDX-License-Identifier: Apache-2.0
#include "proc/run/pipe_size.h"

#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <fstream>

namespace proc {
namespace {

// PIPE_DEF_BUFFERS times INR_OPEN_CUR of the kernel, which is what the limit is unless somebody sets it.
constexpr std::size_t kUsualUserPages = 16 * 1024;

std::atomic<std::size_t>& size_of_outputs() {
  static std::atomic<std::size_t> size{kUsualPipe};
  return size;
}

std::size_t bytes_of_user() {
  std::size_t pages = kUsualUserPages;
  std::ifstream file("/proc/sys/fs/pipe-user-pages-soft");
  if (std::size_t told = 0; file >> told) pages = told;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Refused by a lower pipe-max-size, by a limit of the user that others have used up, or by a filter.
std::size_t granted(std::size_t size) {
  const auto pipe = base::make_pipe();
  if (!pipe) return kUsualPipe;
  while (size > kUsualPipe && ::fcntl(pipe->read_end.get(), F_SETPIPE_SZ, static_cast<int>(size)) < 0)
    size /= 2;
  return size;
}

}  // namespace

std::size_t fair_pipe_size(const PipeNeed& need, std::size_t user_bytes) {
  if (user_bytes == 0) return kLargestPipe;
  const std::size_t of_lane = user_bytes / 4 / need.lanes;
  const std::size_t of_others = need.others * kUsualPipe;
  const std::size_t fair = of_lane > of_others ? (of_lane - of_others) / need.outputs : 0;
  return std::clamp(std::bit_floor(fair), kUsualPipe, kLargestPipe);
}

std::size_t enlarge_output_pipes(const PipeNeed& need) {
  return size_of_outputs() = granted(fair_pipe_size(need, bytes_of_user()));
}

std::size_t output_pipe_size() {
  return size_of_outputs();
}

}  // namespace proc
