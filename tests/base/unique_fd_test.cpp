// SPDX-License-Identifier: Apache-2.0
#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) != -1;
}

}  // namespace

TEST(UniqueFdTest, ClosesOnDestructionAndOnReplacement) {
  int first = -1;
  int second = -1;
  {
    auto pipe = *base::make_pipe();
    first = pipe.read_end.get();
    second = pipe.write_end.get();
    pipe.read_end = std::move(pipe.write_end);
    EXPECT_FALSE(is_open(first));
    EXPECT_TRUE(is_open(second));
  }
  EXPECT_FALSE(is_open(second));
}

TEST(UniqueFdTest, ReleaseHandsTheDescriptorOn) {
  auto pipe = *base::make_pipe();
  const int fd = pipe.read_end.release();
  EXPECT_FALSE(pipe.read_end.valid());
  pipe.read_end.reset();
  EXPECT_TRUE(is_open(fd));
  base::UniqueFd closer(fd);
}

TEST(PipeTest, BothEndsAreCloseOnExec) {
  const auto pipe = *base::make_pipe();
  EXPECT_EQ(::fcntl(pipe.read_end.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFD), FD_CLOEXEC);
}
