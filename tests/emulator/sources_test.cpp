// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/sources.h"

#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace {

using emulator::sources_of;

class SourcesTest : public testing::Test {
 protected:
  emulator::Function function(const std::string& handler) const {
    emulator::Function function;
    function.handler = handler;
    function.task_root = folder_.path();
    return function;
  }

  support::TempDir folder_;
};

TEST_F(SourcesTest, NothingChangedIsEqual) {
  folder_.write("f.sh", "a");
  EXPECT_EQ(sources_of(function("f.handler")), sources_of(function("f.handler")));
}

struct Change {
  std::string name;
  std::string handler;
  std::string file;
};
class SourcesChangeTest : public SourcesTest, public testing::WithParamInterface<Change> {};

TEST_P(SourcesChangeTest, IsSeen) {
  const auto& tried = GetParam();
  const auto before = sources_of(function(tried.handler));
  const auto path = folder_.write(tried.file, "1");
  const auto made = sources_of(function(tried.handler));
  EXPECT_NE(made, before);
  const timespec times[2] = {{1, 0}, {1, 0}};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  EXPECT_NE(sources_of(function(tried.handler)), made) << "another time, the same size";
}

INSTANTIATE_TEST_SUITE_P(Table, SourcesChangeTest,
                         testing::Values(Change{"File", "x.sh", "x.sh"},
                                         Change{"Settings", "x.sh", "shellstrap.json"},
                                         Change{"SettingsWithoutHandler", "", "shellstrap.json"},
                                         Change{"ShellFile", "f.handler", "f.sh"},
                                         Change{"BashFile", "f.handler", "f.bash"},
                                         Change{"FileWithDots", "a.b.handler", "a.b.sh"},
                                         Change{"FirstDot", "a.b.handler", "a.sh"},
                                         Change{"InAFolder", "lib/f.handler", "lib/f.sh"}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(SourcesTest, OtherFilesDoNotMatter) {
  const auto before = sources_of(function("f.handler"));
  folder_.write("g.sh", "1");
  EXPECT_EQ(sources_of(function("f.handler")), before);
}

}  // namespace
