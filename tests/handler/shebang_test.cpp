// SPDX-License-Identifier: Apache-2.0
#include "handler/program/shebang.h"

#include <gtest/gtest.h>

using handler::parse_shebang;

TEST(ShebangTest, NamesTheInterpreterAndOneArgument) {
  const auto plain = parse_shebang("#!/bin/sh\necho");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->interpreter, "/bin/sh");
  EXPECT_EQ(plain->argument, "");
  EXPECT_FALSE(plain->ends_in_carriage_return);

  const auto spaced = parse_shebang("#! /usr/bin/env  -S python3 -u \nx");
  ASSERT_TRUE(spaced);
  EXPECT_EQ(spaced->interpreter, "/usr/bin/env");
  EXPECT_EQ(spaced->argument, "-S python3 -u");
}

TEST(ShebangTest, ACarriageReturnIsSeenAndNotPartOfTheName) {
  const auto windows = parse_shebang("#!/bin/sh\r\necho\r\n");
  ASSERT_TRUE(windows);
  EXPECT_TRUE(windows->ends_in_carriage_return);
  EXPECT_EQ(windows->interpreter, "/bin/sh");
}

TEST(ShebangTest, AFileOfOneLineNeedsNoLineEnd) {
  EXPECT_EQ(parse_shebang("#!/bin/cat")->interpreter, "/bin/cat");
}

TEST(ShebangTest, WhatNamesNoInterpreterIsNone) {
  for (const auto* head : {"", "#", "#!", "#!\n", "#!  \n/bin/sh", "echo", " #!/bin/sh"})
    EXPECT_FALSE(parse_shebang(head)) << head;
}
