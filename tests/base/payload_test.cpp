// SPDX-License-Identifier: Apache-2.0
#include "base/io/memory_file.h"
#include "base/io/spool.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

namespace {

std::string random_bytes(std::size_t size) {
  std::mt19937 generator(42);
  std::string bytes(size, '\0');
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(generator()); });
  return bytes;
}

}  // namespace

TEST(MemoryFileTest, ADescriptorReadsFromTheStartAfterRewind) {
  auto file = base::MemoryFile::create("test");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->append("hello").ok());
  ASSERT_TRUE(file->rewind().ok());
  std::array<char, 16> buffer{};
  EXPECT_EQ(::read(file->fd(), buffer.data(), buffer.size()), 5);
  EXPECT_EQ(std::string(buffer.data()), "hello");
}

TEST(MemoryFileTest, ASharedFileOutlivesItsOwner) {
  auto file = base::MemoryFile::create("test");
  ASSERT_TRUE(file->append("hello").ok());
  const auto shared = file->share();
  file = base::MemoryFile::create("other");
  ASSERT_TRUE(shared.ok());
  EXPECT_EQ(*shared->text(), "hello");
}

TEST(MemoryFileTest, ReadingAtAnOffsetDoesNotMoveTheDescriptor) {
  auto file = base::MemoryFile::create("test");
  ASSERT_TRUE(file->append("hello").ok());
  ASSERT_TRUE(file->rewind().ok());
  std::array<char, 2> buffer{};
  EXPECT_EQ(*file->read_at(3, buffer), 2U);
  EXPECT_EQ(::lseek(file->fd(), 0, SEEK_CUR), 0);
}

TEST(SpoolTest, SmallAndSpilledContentsAreTheSameBytes) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, base::Spool::kSpillSize,
                                 base::Spool::kSpillSize + 1, std::size_t{6} * 1024 * 1024}) {
    const auto bytes = random_bytes(size);
    base::Spool spool;
    for (std::size_t at = 0; at < size; at += 10'000)
      ASSERT_TRUE(spool.append(std::string_view(bytes).substr(at, 10'000)).ok());
    EXPECT_EQ(spool.size(), size);
    EXPECT_EQ(*spool.text(), bytes) << size;
  }
}

TEST(SpoolTest, ReadingBeyondTheEndGivesNothing) {
  base::Spool spool;
  ASSERT_TRUE(spool.append("abc").ok());
  std::array<char, 8> buffer{};
  EXPECT_EQ(*spool.read_at(2, buffer), 1U);
  EXPECT_EQ(*spool.read_at(3, buffer), 0U);
  EXPECT_EQ(*spool.read_at(99, buffer), 0U);
}
