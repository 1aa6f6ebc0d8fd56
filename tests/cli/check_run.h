// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli_run.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

/// shellstrap check of the folder "package", which the test fills.
class CheckTest : public testing::Test {
 protected:
  CheckTest() {
    write("main.sh", "#!/bin/sh\ncat\n", 0755);
    cli.folder.write("runtime/bootstrap", "#!/bin/sh\n", 0755);
  }

  void write(const std::string& name, std::string_view content, mode_t mode = 0644) const {
    cli.folder.write("package/" + name, content, mode);
  }
  /// A script of these lines in place of main.sh.
  void script(const std::string& lines) const { write("main.sh", "#!/bin/sh\n" + lines + "\n", 0755); }

  [[nodiscard]] support::ToolResult check(std::vector<std::string> options = {},
                                          const std::string& package = "package") const {
    options.insert(options.begin(), {"check", package});
    // What is not about the runtime has one in a layer, or every zip would have one more finding.
    if (package.ends_with(".zip")) options.insert(options.end(), {"--layer", "runtime"});
    return cli.run(options);
  }

  /// Exactly one finding, which begins so and has this part.
  void expect_one(const support::ToolResult& result, const std::string& start,
                  const std::string& part) const {
    const auto finding = result.out.substr(0, result.out.find('\n'));
    EXPECT_TRUE(finding.starts_with(start)) << result.out << result.err;
    EXPECT_TRUE(has(finding, part)) << result.out;
    EXPECT_TRUE(has(result.out, has(start, ": error: ") ? ": 1 error, 0 warn" : ": 0 errors, 1 warning"))
        << result.out;
    EXPECT_EQ(result.state, exited(has(start, ": error: ") ? 1 : 0));
  }
  void expect_nothing(const support::ToolResult& result) const {
    EXPECT_TRUE(has(result.out, ": 0 errors, 0 warnings in ")) << result.out << result.err;
    EXPECT_EQ(result.state, exited(0));
  }

  Cli cli;
};
