// SPDX-License-Identifier: Apache-2.0
// Programs that write much and exit at once, with the real interpreters: what they have written is the
// answer, or the log says that it may not be all.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <cstddef>
#include <ostream>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace {

constexpr std::size_t kKib = 1024;

/// Reads how many bytes it is to answer. `hasty` does not wait for room in its output.
struct Writer {
  const char* name;
  const char* interpreter;
  const char* text;
  bool hasty;
};

void PrintTo(const Writer& program, std::ostream* out) {
  *out << program.name;
}

const Writer kWriters[] = {
    {"node", "node",
     "const size = Number(require('fs').readFileSync(0));\n"
     "console.log('x'.repeat(size - 1));\n"
     "process.exit(0);\n",
     true},
    {"python_hasty", "python3",
     "import os, sys\n"
     "size = int(sys.stdin.read())\n"
     "os.set_blocking(1, False)\n"
     "left = b'x' * size\n"
     "try:\n"
     "    while left:\n"
     "        left = left[os.write(1, left):]\n"
     "except BlockingIOError:\n"
     "    pass\n"
     "os._exit(0)\n",
     true},
    {"perl_hasty", "perl",
     "use Fcntl; my $size = <STDIN>; my $bytes = 'x' x $size; my $at = 0;\n"
     "fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK);\n"
     "while ($at < $size) { my $n = syswrite(STDOUT, $bytes, $size - $at, $at) or last; $at += $n; }\n"
     "exit 0;\n",
     true},
    {"ruby_hasty", "ruby",
     "left = 'x' * STDIN.read.to_i\n"
     "begin\n"
     "  left = left[STDOUT.write_nonblock(left)..] until left.empty?\n"
     "rescue IO::WaitWritable\n"
     "end\n"
     "exit! true\n",
     true},
    {"node_sync", "node",
     "const fs = require('fs');\n"
     "const left = Buffer.alloc(Number(fs.readFileSync(0)), 'x');\n"
     "for (let at = 0; at < left.length;) at += fs.writeSync(1, left, at);\n"
     "process.exit(0);\n",
     false},
    {"python", "python3",
     "import os, sys\n"
     "sys.stdout.write('x' * int(sys.stdin.read()))\n"
     "sys.stdout.flush()\n"
     "os._exit(0)\n",
     false},
    {"perl", "perl", "my $size = <STDIN>; print 'x' x $size; exit 0;\n", false},
    {"ruby", "ruby", "print 'x' * STDIN.read.to_i\nexit\n", false},
};

constexpr std::size_t kSmall = 600'000;
constexpr std::size_t kLarge = 5'000'000;

class WholeAnswerTest : public testing::TestWithParam<std::tuple<Writer, std::size_t, const char*>> {
 protected:
  void SetUp() override {
    const std::string interpreter = program().interpreter;
    if (!support::run_tool({"sh", "-c", "command -v " + interpreter}).state.success())
      GTEST_SKIP() << interpreter << " is not installed";
    bootstrap_.task_root.write("program", "#!/usr/bin/env " + interpreter + "\n" + program().text, 0755);
    auto environment = support::kOneWorker;
    environment["SHELLSTRAP_RESPONSE"] = std::get<2>(GetParam());
    bootstrap_.start({.handler = "program", .arguments = {}, .environment = environment});
  }

  static const Writer& program() { return std::get<0>(GetParam()); }
  static std::size_t size() { return std::get<1>(GetParam()); }
  static bool is_memory() { return std::string(std::get<2>(GetParam())) == "memory"; }
  // A pipe takes all of the smaller one at once.
  static bool must_be_whole() { return is_memory() || !program().hasty || size() == kSmall; }

  bool has_warned() {
    bootstrap_.wait_until_idle();
    const auto log = bootstrap_.log();
    return log.find("exactly where its pipe was full") != std::string::npos &&
           log.find("SHELLSTRAP_RESPONSE=memory") != std::string::npos;
  }

  support::BootstrapProcess bootstrap_;
};

TEST_P(WholeAnswerTest, OrTheLogSaysWhatHelps) {
  const auto post = bootstrap_.invoke(std::to_string(size()));
  EXPECT_TRUE(post.path.ends_with("/response")) << post.body.substr(0, 1000);
  EXPECT_TRUE(post.body.size() == size() || !must_be_whole()) << post.body.size();
  EXPECT_EQ(has_warned(), post.body.size() != size()) << post.body.size() << "\n" << bootstrap_.log();
}

std::string name_of_whole_answer(const testing::TestParamInfo<WholeAnswerTest::ParamType>& tested) {
  const auto& [program, size, channel] = tested.param;
  return std::string(program.name) + "_" + std::to_string(size) + "_" + channel;
}

INSTANTIATE_TEST_SUITE_P(All, WholeAnswerTest,
                         testing::Combine(testing::ValuesIn(kWriters), testing::Values(kSmall, kLarge),
                                          testing::Values("stdout", "memory")),
                         name_of_whole_answer);

/// How large the pipes of answer and log are, as a handler sees them: by workers and kind of handler.
struct PipeShare {
  const char* workers;
  const char* handler;
  std::size_t kib;
};

void PrintTo(const PipeShare& share, std::ostream* out) {
  *out << share.workers << " workers, " << share.handler;
}

class PipesTest : public testing::TestWithParam<PipeShare> {};

TEST_P(PipesTest, AreAsLargeAsTheirShare) {
  support::BootstrapProcess bootstrap;
  const std::string look =
      "python3 -c 'import fcntl; print(fcntl.fcntl(1, 1032), fcntl.fcntl(2, 1032))'\n";  // F_GETPIPE_SZ
  bootstrap.task_root.write("program", "#!/bin/sh\n" + look, 0755);
  bootstrap.task_root.write("functions.sh", "handler() {\n" + look + "}\n");
  bootstrap.start({.handler = GetParam().handler,
                   .arguments = {},
                   .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", GetParam().workers}}});
  const auto size = std::to_string(GetParam().kib * kKib);
  EXPECT_EQ(bootstrap.invoke().body, size + " " + size + "\n");
}

INSTANTIATE_TEST_SUITE_P(All, PipesTest,
                         testing::Values(PipeShare{"1", "program", 1024}, PipeShare{"16", "program", 512},
                                         PipeShare{"64", "program", 128},
                                         PipeShare{"1", "functions.handler", 1024},
                                         PipeShare{"16", "functions.handler", 256}));

TEST(StreamedFullPipeTest, TheWarningSaysThatTheFileIsForBufferedAnswers) {
  support::BootstrapProcess bootstrap;
  bootstrap.task_root.write("program",
                            "#!/usr/bin/env python3\n"
                            "import os\n"
                            "os.set_blocking(1, False)\n"
                            "os.write(1, b'x' * 4000000)\n",
                            0755);
  bootstrap.start(
      {.handler = "program", .arguments = {}, .environment = {{"SHELLSTRAP_INVOKE_MODE", "stream"}}});
  bootstrap.invoke();
  bootstrap.wait_until_idle();
  EXPECT_TRUE(bootstrap.logs("it goes with buffered answers only"));
}

}  // namespace
