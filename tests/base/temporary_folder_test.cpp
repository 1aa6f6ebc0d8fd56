// SPDX-License-Identifier: Apache-2.0
#include "base/io/temporary_folder.h"

#include "base/io/unique_fd.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using base::TemporaryFolder;

class TemporaryFolderTest : public testing::Test {
 protected:
  TemporaryFolder make() { return std::move(*TemporaryFolder::create(parent_.path())); }

  void expect_gone(TemporaryFolder& folder) {
    const auto remains = folder.remove();
    EXPECT_EQ(remains.count, 0U) << remains.first << ": " << std::strerror(remains.code);
    EXPECT_FALSE(fs::exists(folder.path()));
  }

  support::TempDir parent_;
};

// A chain of folders, each in the one before, and a file in the last.
void nest(const std::string& top, int levels) {
  base::UniqueFd at(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < levels; ++i) {
    ASSERT_EQ(::mkdirat(at.get(), "folder", 0755), 0);
    at = base::UniqueFd(::openat(at.get(), "folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(at.valid());
  }
  const base::UniqueFd file(::openat(at.get(), "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  ASSERT_TRUE(file.valid());
}

void unmount_below(const std::string& path) {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string device, place, rest; mounts >> device >> place && std::getline(mounts, rest);)
    if (place.starts_with(path + "/")) ::umount2(place.c_str(), MNT_DETACH);
}

void write(const std::string& path) {
  std::ofstream(path) << "text";
}

}  // namespace

TEST_F(TemporaryFolderTest, IsEmptyPrivateAndDifferentEachTime) {
  auto first = make();
  auto second = make();
  EXPECT_NE(first.path(), second.path());
  struct stat status {};
  ASSERT_EQ(::stat(first.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  EXPECT_TRUE(fs::is_empty(first.path()));
  expect_gone(first);
  expect_gone(second);
}

TEST_F(TemporaryFolderTest, CannotBeMadeInAPlaceThatIsNone) {
  const auto made = TemporaryFolder::create(parent_ / "nowhere");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ENOENT);
}

TEST_F(TemporaryFolderTest, TreesAreRemovedWhateverTheirNames) {
  auto folder = make();
  const auto odd = folder.path() + "/a\nb/\xff\xfe \t;'\"$(x)/...";
  fs::create_directories(odd);
  write(odd + "/-rf");
  for (int i = 0; i < 30; ++i) fs::create_directories(folder.path() + "/" + std::to_string(i) + "/1/2");
  write(folder.path() + "/31");
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe").c_str(), 0600), 0);
  expect_gone(folder);
}

TEST_F(TemporaryFolderTest, LinksAreRemovedAndWhatTheyPointToStays) {
  const auto file = parent_.write("outside/file", "text");
  auto folder = make();
  fs::create_directory_symlink(parent_ / "outside", folder.path() + "/link");
  fs::create_symlink(file, folder.path() + "/file");
  fs::create_directory_symlink("..", folder.path() + "/up");
  fs::create_directories(folder.path() + "/deep");
  fs::create_directory_symlink("/", folder.path() + "/deep/root");
  fs::create_hard_link(file, folder.path() + "/hard");
  expect_gone(folder);
  EXPECT_TRUE(fs::exists(file));
}

TEST_F(TemporaryFolderTest, FoldersThatNobodyMayReadOrChangeAreRemoved) {
  auto folder = make();
  fs::create_directories(folder.path() + "/outer/inner/last");
  write(folder.path() + "/outer/inner/last/file");
  for (const char* closed : {"/outer/inner/last", "/outer/inner", "/outer", ""})
    ASSERT_EQ(::chmod((folder.path() + closed).c_str(), 0), 0);
  expect_gone(folder);
}

TEST_F(TemporaryFolderTest, NestingBeyondEveryLimitTakesAFewDescriptors) {
  // In memory where that can be had: a disk takes seconds for so many folders.
  auto made = TemporaryFolder::create("/dev/shm");
  auto folder = made ? *std::move(made) : make();
  ASSERT_NO_FATAL_FAILURE(nest(folder.path(), 2000));  // paths end at 4096 bytes
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const auto open = support::open_descriptors(::getpid());
  const rlimit few{static_cast<rlim_t>(open.back() + 6), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto remains = folder.remove();
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(remains.count, 0U) << std::strerror(remains.code);
  EXPECT_FALSE(fs::exists(folder.path()));
}

TEST_F(TemporaryFolderTest, ManyFilesAreRemoved) {
  auto folder = make();
  for (int i = 0; i < 500; ++i) write(folder.path() + "/" + std::to_string(i));
  expect_gone(folder);
}

TEST_F(TemporaryFolderTest, ALinkInItsPlaceIsNotFollowed) {
  const auto file = parent_.write("outside/file", "text");
  auto folder = make();
  write(folder.path() + "/own");
  fs::rename(folder.path(), parent_ / "moved");
  fs::create_directory_symlink(parent_ / "outside", folder.path());
  const auto remains = folder.remove();
  EXPECT_EQ(remains.count, 1U);
  EXPECT_EQ(remains.first, folder.path());
  EXPECT_TRUE(fs::exists(file));
  EXPECT_TRUE(fs::is_empty(parent_ / "moved"));
}

TEST_F(TemporaryFolderTest, WhatIsMountedThereIsNotEnteredAndIsReported) {
  auto folder = make();
  const auto file = parent_.write("outside/file", "text");
  for (const char* place : {"/mounted", "/deep/mounted", "/1", "/2"}) {
    fs::create_directories(folder.path() + place);
    if (::mount((parent_ / "outside").c_str(), (folder.path() + place).c_str(), nullptr, MS_BIND, nullptr) !=
        0)
      GTEST_SKIP() << "cannot mount here: " << std::strerror(errno);
  }
  const auto remains = folder.remove();
  unmount_below(folder.path());
  EXPECT_TRUE(fs::exists(file));
  EXPECT_GE(remains.count, 4U);
  EXPECT_EQ(remains.code, EBUSY);
  EXPECT_TRUE(remains.first.starts_with(folder.path() + "/")) << remains.first;
}

TEST_F(TemporaryFolderTest, WhatCannotBeRemovedIsReportedAndTheRestGoes) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may remove everything: run as another user";
  const auto parent = support::TempDir();
  auto folder = std::move(*TemporaryFolder::create(parent.path()));
  write(folder.path() + "/file");
  ASSERT_EQ(::chmod(parent.path().c_str(), 0500), 0);
  const auto remains = folder.remove();
  ASSERT_EQ(::chmod(parent.path().c_str(), 0700), 0);
  EXPECT_EQ(remains.count, 1U);
  EXPECT_EQ(remains.first, folder.path());
  EXPECT_EQ(remains.code, EACCES);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}
