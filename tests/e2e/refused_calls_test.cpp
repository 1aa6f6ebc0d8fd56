// SPDX-License-Identifier: Apache-2.0
// The bootstrap where a kernel or a filter refuses a system call, to it and to what it starts: it serves as
// if nothing were, or it says at once what is missing. Never a false status, a hang, or leftovers in silence.
#include "support/bootstrap_process.h"
#include "support/orphan_end.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using proc::ExitState;

enum class Outcome {
  served,      // right answers, right statuses, nothing left
  warned,      // the same, but for what a call leaves in a session of its own; the log said so at init
  init_error,  // that names the call; exit 1
  last_words,  // of a shell that cannot start, in an init error; exit 1
  no_wire,     // nothing can be reported: exit 1 and a sentence
};

struct Refused {
  const char* call;
  unsigned number;
  Outcome program;
  Outcome function;
  int argument = -1;  // only where the second one is this
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.call;
}

using enum Outcome;

// As the kernel numbers them on this machine; what does not exist here is not refused here.
const Refused kRefused[] = {
    // children: from start to end
    {"memfd_create", SYS_memfd_create, init_error, init_error},
    {"pipe2", SYS_pipe2, init_error, init_error},
    {"fcntl", SYS_fcntl, init_error, init_error},
    {"fcntl_setpipe_sz", SYS_fcntl, served, served, F_SETPIPE_SZ},
    {"close_range", SYS_close_range, init_error, init_error},
    {"setpgid", SYS_setpgid, init_error, init_error},
    {"getppid", SYS_getppid, init_error, init_error},
    {"chdir", SYS_chdir, init_error, init_error},
    {"prctl", SYS_prctl, init_error, init_error},
    {"rt_sigaction", SYS_rt_sigaction, init_error, init_error},
    {"rt_sigprocmask", SYS_rt_sigprocmask, init_error, init_error},
    {"kill", SYS_kill, init_error, init_error},
    {"pidfd_open", SYS_pidfd_open, init_error, init_error},
    {"pidfd_send_signal", SYS_pidfd_send_signal, init_error, init_error},
    {"wait4", SYS_wait4, init_error, init_error},
    {"waitid", SYS_waitid, init_error, init_error},
    {"signalfd4", SYS_signalfd4, init_error, init_error},
    {"getdents64", SYS_getdents64, warned, init_error},
    {"eventfd2", SYS_eventfd2, init_error, init_error},
    // files and memory
    {"openat", SYS_openat, init_error, init_error},
    {"read", SYS_read, init_error, init_error},
    {"write", SYS_write, init_error, init_error},
    {"close", SYS_close, init_error, init_error},
    {"lseek", SYS_lseek, init_error, init_error},
    {"ftruncate", SYS_ftruncate, init_error, init_error},
    {"getrandom", SYS_getrandom, served, served},
    {"prlimit64", SYS_prlimit64, served, served},
    {"getpgid", SYS_getpgid, served, served},
    {"pread64", SYS_pread64, init_error, init_error},
    {"newfstatat", SYS_newfstatat, init_error, init_error},
    {"statfs", SYS_statfs, served, served},
    {"faccessat2", SYS_faccessat2, served, served},
    {"clone3", SYS_clone3, served, served},
    {"getpid", SYS_getpid, init_error, init_error},
    // the wire
    {"socket", SYS_socket, no_wire, no_wire},
    {"connect", SYS_connect, no_wire, no_wire},
    {"sendto", SYS_sendto, no_wire, no_wire},
    {"recvfrom", SYS_recvfrom, no_wire, no_wire},
    {"getsockopt", SYS_getsockopt, served, served},
    {"setsockopt", SYS_setsockopt, served, served},
    {"uname", SYS_uname, served, served},
    // what a shell does beyond that
    {"getcwd", SYS_getcwd, served, served},
    {"ioctl", SYS_ioctl, served, served},
    {"rt_sigreturn", SYS_rt_sigreturn, served, last_words},
#ifdef __x86_64__
    {"vfork", SYS_vfork, init_error, init_error},
    {"clone", SYS_clone, served, init_error},  // dash forks with it, too: its words and its status count
    {"dup2", SYS_dup2, init_error, init_error},
    {"poll", SYS_poll, no_wire, no_wire},
    {"access", SYS_access, init_error, init_error},
#else
    {"clone", SYS_clone, init_error, init_error},
    {"dup3", SYS_dup3, init_error, init_error},
    {"ppoll", SYS_ppoll, no_wire, no_wire},
    {"faccessat", SYS_faccessat, init_error, init_error},
#endif
};

enum class Kind { program, function };

constexpr const char* kBody =
    "event=$1\n"
    "case $event in\n"
    "  *leave*) setsid sleep 60 >/dev/null 2>&1 & echo $! >>\"$LEFT\"; echo left ;;\n"
    "  *fail*) echo failed >&2; return 3 ;;\n"
    "  *) echo \"answer to $event\" ;;\n"
    "esac\n";

class RefusedCallTest : public testing::TestWithParam<std::tuple<Refused, int, Kind>> {
 protected:
  void SetUp() override {
    if (support::bootstrap_is_sanitized()) GTEST_SKIP() << "a sanitizer makes calls of its own";
    const std::string functions = std::string("handler() {\n") + kBody + "}\n";
    bootstrap_.task_root.write("functions.sh", functions);
    bootstrap_.task_root.write("program", "#!/bin/sh\n" + functions + "handler \"$(cat)\"\n", 0755);
    auto words = refused();
    words.insert(words.end(), {support::bootstrap_program(), "--version"});
    const auto version = support::run_tool(words);
    if (version.err.starts_with("refuse:")) GTEST_SKIP() << "no filter can be set here: " << version.err;
    // Not of the static one that is shipped.
    loader_failed_ = version.err.find("shared librar") != std::string::npos && !version.state.success();
  }

  static const Refused& row() { return std::get<0>(GetParam()); }
  static int code() { return std::get<1>(GetParam()); }
  static bool is_program() { return std::get<2>(GetParam()) == Kind::program; }
  static Outcome expected() { return is_program() ? row().program : row().function; }

  static std::vector<std::string> refused() {
    auto number = std::to_string(row().number);
    if (row().argument >= 0) number += ":" + std::to_string(row().argument);
    return {support::target_program(), "refuse", number, std::to_string(code())};
  }

  // With an event that waits already; true: it was answered, and not by an init error or an end.
  bool starts_to_serve(const std::string& event) {
    auto environment = support::kOneWorker;
    environment["LEFT"] = left_.path() + "/called";
    bootstrap_.api.push_event({.id = "first", .body = event});
    bootstrap_.start({.handler = is_program() ? "program" : "functions.handler",
                      .arguments = {},
                      .environment = environment,
                      .through = refused()});
    const auto decided = [this] { return !bootstrap_.is_running() || !bootstrap_.api.posts().empty(); };
    EXPECT_TRUE(support::wait_for(decided)) << "neither an answer nor the end:\n" << bootstrap_.log();
    const auto posts = bootstrap_.api.posts();
    return !posts.empty() && posts[0].path.find("/init/") == std::string::npos;
  }

  // The same handler without a bootstrap, but with the same refusal: what it can still do is not ours.
  support::ToolResult run_plainly(const std::string& event) {
    auto words = refused();
    const auto folder = bootstrap_.task_root.path();
    if (is_program())
      words.push_back(folder + "/program");
    else
      words.insert(words.end(),
                   {"/bin/bash", "-c", ". \"$0\"; handler \"$1\"", folder + "/functions.sh", event});
    const std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LEFT=" + left_.path() + "/plain"};
    return support::run_tool(words, event, environment);
  }

  void expect_plain_answer(const std::string& event, const support::RecordedRequest& post) {
    const auto plain = run_plainly(event);
    if (plain.state.success()) {
      EXPECT_TRUE(post.path.ends_with("/response")) << post.path << ": " << post.body;
      EXPECT_EQ(post.body, plain.out);
    } else {
      const auto signal = plain.state.signal();
      EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"),
                "Function." + (signal ? "Signal" + proc::signal_name(*signal)
                                      : "Exit" + std::to_string(*plain.state.status())))
          << post.body << plain.err;
    }
  }

  void expect_served(const std::string& first) {
    expect_plain_answer(first, bootstrap_.wait_for_post());
    for (const auto* event : {"leave", "fail", "last"}) expect_plain_answer(event, bootstrap_.invoke(event));
    bootstrap_.wait_until_idle();
    bootstrap_.signal(SIGTERM);
    EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
    if (expected() == warned) {
      EXPECT_TRUE(bootstrap_.logs("cannot be found, and stays"));
      return;
    }
    std::ifstream left(left_ / "called");
    for (pid_t pid = 0; left >> pid;)
      EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << bootstrap_.log();
  }

  void expect_the_end() {
    EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(1)) << bootstrap_.log();
    const bool is_mute = row().number == SYS_write;
    EXPECT_EQ(bootstrap_.log().find("shellstrap: error: ") == std::string::npos, is_mute) << bootstrap_.log();
    const auto posts = bootstrap_.api.posts();
    EXPECT_EQ(posts.size(), expected() == no_wire ? 0U : 1U) << bootstrap_.log();
    if (posts.empty()) return;
    EXPECT_EQ(posts[0].path, "/2018-06-01/runtime/init/error");
    const auto name = std::string(row().call) + ": " + std::strerror(code());
    EXPECT_EQ(posts[0].body.find(name) != std::string::npos, expected() == init_error) << posts[0].body;
  }

  bool loader_failed_ = false;  // the bootstrap of this build has one, which needs the call, and has said so
  support::OrphanEnd orphans_;
  support::TempDir left_;
  support::BootstrapProcess bootstrap_;
};

TEST_P(RefusedCallTest, IsServedWithoutOrNamedAtOnce) {
  if (loader_failed_) return;
  const std::string first = "first";
  if (starts_to_serve(first)) {
    EXPECT_TRUE(expected() == served || expected() == warned);
    expect_served(first);
  } else {
    EXPECT_FALSE(expected() == served || expected() == warned) << bootstrap_.log();
    expect_the_end();
  }
}

std::string name_of(const testing::TestParamInfo<RefusedCallTest::ParamType>& tested) {
  const auto& row = std::get<0>(tested.param);
  const bool is_program = std::get<2>(tested.param) == Kind::program;
  return std::string(row.call) + (std::get<1>(tested.param) == EPERM ? "_EPERM_" : "_ENOSYS_") +
         (is_program ? "program" : "function");
}

INSTANTIATE_TEST_SUITE_P(All, RefusedCallTest,
                         testing::Combine(testing::ValuesIn(kRefused), testing::Values(ENOSYS, EPERM),
                                          testing::Values(Kind::program, Kind::function)),
                         name_of);

// Several workers are threads. The C library makes them with another call where clone3 is not known.
class RefusedThreadsTest : public testing::Test {
 protected:
  void start(int code) {
    bootstrap_.task_root.write("program", "#!/bin/sh\ncat\n", 0755);
    bootstrap_.start(
        {.handler = "program",
         .arguments = {},
         .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}},
         .through = {support::target_program(), "refuse", std::to_string(SYS_clone3), std::to_string(code)}});
  }

  support::BootstrapProcess bootstrap_;
};

TEST_F(RefusedThreadsTest, AreAnInitErrorForSeveralWorkers) {
  start(EPERM);
  const auto post = bootstrap_.wait_for_post();
  EXPECT_NE(post.body.find("clone3: Operation not permitted"), std::string::npos) << post.body;
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(1));
}

TEST_F(RefusedThreadsTest, AreMadeTheOlderWayWhereTheNewerOneIsUnknown) {
  start(ENOSYS);
  EXPECT_EQ(bootstrap_.invoke("event").body, "event");
}

}  // namespace
