// SPDX-License-Identifier: Apache-2.0
#include "handler/program/line_ends.h"

#include "support/temp_dir.h"

#include <gtest/gtest.h>

TEST(LineEndsTest, OneLineThatEndsInCarriageReturnIsFound) {
  const support::TempDir folder;
  folder.write("one", "a\nb\r\nc\n");
  folder.write("none", "a\nb\rc\n");
  EXPECT_TRUE(handler::has_carriage_returns(folder / "one"));
  EXPECT_FALSE(handler::has_carriage_returns(folder / "none"));
  EXPECT_FALSE(handler::has_carriage_returns(folder / "missing"));
}
