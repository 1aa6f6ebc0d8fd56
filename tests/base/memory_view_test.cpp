// SPDX-License-Identifier: Apache-2.0
#include "base/io/memory_view.h"

#include "base/io/spool.h"

#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

namespace {

TEST(MemoryViewTest, ShowsSmallAndLargeFilesAsTheyAre) {
  for (const std::size_t size : {0U, 1U, 64U * 1024, 64U * 1024 + 1, 300'000U}) {
    auto file = base::MemoryFile::create("test");
    ASSERT_TRUE(file.ok());
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    ASSERT_TRUE(file->append(bytes).ok());
    auto view = base::MemoryView::of(*file);
    ASSERT_TRUE(view.ok());
    EXPECT_TRUE(view->bytes() == bytes) << size;
    const base::MemoryView moved(*std::move(view));
    EXPECT_TRUE(moved.bytes() == bytes) << size;
  }
}

TEST(SpoolFileTest, ASpoolBecomesAFileThatIsReadFromItsStart) {
  for (const std::size_t size : {0U, 10U, 200'000U}) {
    base::Spool spool;
    const std::string bytes(size, 'x');
    ASSERT_TRUE(spool.append(bytes).ok());
    const auto file = std::move(spool).into_file();
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file->size(), size);
    std::string got(size + 1, '\0');
    std::size_t filled = 0;
    for (ssize_t n = 1; n > 0; filled += static_cast<std::size_t>(n))
      n = ::read(file->fd(), got.data() + filled, got.size() - filled);
    EXPECT_TRUE(got.substr(0, filled) == bytes) << size;
  }
}

}  // namespace
