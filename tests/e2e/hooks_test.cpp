// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_INIT, SHELLSTRAP_SHUTDOWN and SHELLSTRAP_EXTENSION through the real bootstrap.
#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/official_emulator.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using proc::ExitState;
using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;

const char* const kRegister = "/2020-01-01/extension/register";
const char* const kExtensionNext = "/2020-01-01/extension/event/next";

class HooksTest : public testing::Test {
 protected:
  void start(Variables environment, const std::string& script = "echo served\n") {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  void script(const std::string& name, const std::string& text) const {
    bootstrap_.task_root.write(name, "#!/bin/sh\n" + text, 0755);
  }

  // The body of the init error that ends the process before it has asked for an event.
  json refused() {
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(1));
    for (const auto& request : bootstrap_.api.requests()) EXPECT_FALSE(request.is_next());
    return json::parse(post.body, nullptr, false);
  }

  void expect_refused(const std::string& words) {
    const auto body = refused();
    EXPECT_EQ(body.value("errorType", ""), "Runtime.InitError");
    EXPECT_NE(body.value("errorMessage", "").find(words), std::string::npos) << body;
  }

  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream file(bootstrap_.task_root / name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  pid_t pid_in(const std::string& name) const {
    pid_t pid = -1;
    EXPECT_TRUE(support::wait_for([&] { return bool(std::ifstream(bootstrap_.task_root / name) >> pid); }));
    return pid;
  }

  void expect_in_log(const std::string& words) const { EXPECT_TRUE(bootstrap_.logs(words)); }

  std::vector<support::RecordedRequest> requests_to(const std::string& path) {
    auto requests = bootstrap_.api.requests();
    std::erase_if(requests, [&](const auto& request) { return request.path != path; });
    return requests;
  }

  // A shutdown hook has what is left of 300 ms, of which a starved machine may leave it none. On any other,
  // that nothing was written is a failure.
  static bool was_cut_short(const std::string& written, const support::Lateness& lateness) {
    const bool starved = lateness.room() > 100ms;
    return starved && written.empty();
  }

  // By the service, if not by us: SIGTERM to a process whose shutdown hook does not end.
  void expect_killed(Variables environment, std::chrono::milliseconds after,
                     std::chrono::milliseconds within) {
    environment["SHELLSTRAP_SHUTDOWN"] = "sh -c 'trap \"\" TERM; sleep 64; sleep 64'";
    start(environment);
    ASSERT_TRUE(bootstrap_.api.wait_until_parked(1, 30s));
    const support::Lateness lateness;
    const auto asked = std::chrono::steady_clock::now();
    bootstrap_.signal(SIGTERM);
    EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
    const auto took = std::chrono::steady_clock::now() - asked;
    EXPECT_GT(took, after);
    EXPECT_LT(took, within + lateness.room());
  }

  support::BootstrapProcess bootstrap_;
};

}  // namespace

// ---- SHELLSTRAP_INIT

TEST_F(HooksTest, InitRunsOnceBeforeTheFirstPollAndItsOutputIsLog) {
  script("init", "echo out; echo err >&2; cat; echo ran >> inits\n");
  start({{"SHELLSTRAP_INIT", "init"}}, "cat inits");
  EXPECT_EQ(bootstrap_.invoke().body, "ran\n");
  EXPECT_EQ(bootstrap_.invoke().body, "ran\n");
  EXPECT_TRUE(bootstrap_.logs("out\n"));
  EXPECT_TRUE(bootstrap_.logs("err\n"));
}

TEST_F(HooksTest, AnInitThatFailsIsAnInitErrorWithItsStandardError) {
  start({{"SHELLSTRAP_INIT", R"(["sh", "-c", "echo first >&2; echo last >&2; exit 3"])"}});
  const auto body = refused();
  EXPECT_EQ(body.value("errorType", ""), "Runtime.InitError");
  EXPECT_NE(body.value("errorMessage", "").find("SHELLSTRAP_INIT"), std::string::npos) << body;
  EXPECT_NE(body.value("errorMessage", "").find("ended with status 3"), std::string::npos) << body;
  EXPECT_EQ(body.value("stackTrace", json()), json({"first", "last"}));
}

TEST_F(HooksTest, AnInitThatFailsWithoutStandardErrorShowsItsStandardOutput) {
  start({{"SHELLSTRAP_INIT", "sh -c 'exec 2>&1; echo why; exit 3'"}});
  EXPECT_EQ(refused().value("stackTrace", json()), json{"why"});
}

TEST_F(HooksTest, TheOutputOfAFailedInitCanBeLeftOut) {
  start({{"SHELLSTRAP_INIT", "sh -c 'echo secret; echo secret >&2; exit 1'"},
         {"SHELLSTRAP_ERROR_STDERR", "off"}});
  EXPECT_EQ(refused().value("stackTrace", json()), json::array());
}

TEST_F(HooksTest, AnInitKilledBySignalIsAnInitErrorThatNamesIt) {
  start({{"SHELLSTRAP_INIT", "sh -c 'kill -SEGV $$'"}});
  expect_refused("was killed by SIGSEGV");
}

TEST_F(HooksTest, AnInitThatIsNotThereIsAnInitErrorThatSaysWhereItWasSought) {
  start({{"SHELLSTRAP_INIT", "bin/fetch now"}});
  expect_refused("SHELLSTRAP_INIT (bin/fetch now): the command bin/fetch was not found (tried " +
                 bootstrap_.task_root / "bin/fetch");
}

TEST_F(HooksTest, InitMayPutTheHandlerThere) {
  bootstrap_.task_root.write("init.sh", "printf '#!/bin/sh\\necho made\\n' > made; chmod +x made\n", 0755);
  bootstrap_.start({.handler = "made", .arguments = {}, .environment = {{"SHELLSTRAP_INIT", "init.sh"}}});
  EXPECT_EQ(bootstrap_.invoke().body, "made\n");
}

TEST_F(HooksTest, AHookWithoutTheRunBitRunsWithAWarning) {
  bootstrap_.task_root.write("init", "echo ran", 0644);
  bootstrap_.task_root.write("bye", "echo ran", 0644);
  start({{"SHELLSTRAP_INIT", "init"}, {"SHELLSTRAP_SHUTDOWN", "bye"}});
  bootstrap_.invoke();
  EXPECT_TRUE(bootstrap_.logs("init has no run bit"));
  EXPECT_TRUE(bootstrap_.logs("bye has no run bit"));
}

TEST_F(HooksTest, NoShellStandsBetweenAHookAndItsArguments) {
  start({{"SHELLSTRAP_INIT", R"(["printf", "%s|", "$HOME", "*", "a;b"])"}});
  bootstrap_.invoke();
  EXPECT_TRUE(bootstrap_.logs("$HOME|*|a;b|"));
}

TEST_F(HooksTest, AHookCannotReachTheRuntimeApi) {
  start({{"SHELLSTRAP_INIT", "sh -c 'echo api=${AWS_LAMBDA_RUNTIME_API-none}'"}});
  bootstrap_.invoke();
  EXPECT_TRUE(bootstrap_.logs("api=none"));
}

TEST_F(HooksTest, WhatInitHasStartedStaysForTheLifeOfTheEnvironment) {
  script("init", "setsid sleep 300 >/dev/null 2>&1 & echo $! > daemon\n");
  start({{"SHELLSTRAP_INIT", "init"}}, "sleep 301 >/dev/null 2>&1 & echo $! > leftover");
  for (int i = 0; i < 2; ++i) {
    bootstrap_.invoke();
    const auto leftover = pid_in("leftover");
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(leftover); }));
  }
  const auto daemon = pid_in("daemon");
  EXPECT_TRUE(support::is_alive(daemon));
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(daemon); }));
}

TEST_F(HooksTest, WhatAFailedInitHasStartedEndsWithIt) {
  script("init", "setsid sleep 300 >/dev/null 2>&1 & echo $! > daemon; exit 1\n");
  start({{"SHELLSTRAP_INIT", "init"}});
  refused();
  const auto daemon = pid_in("daemon");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(daemon); }));
}

TEST_F(HooksTest, SigtermDuringInitIsTheEndAndNoInitError) {
  script("init", "trap '' TERM; echo $$ > pid; sleep 300; sleep 300\n");
  start({{"SHELLSTRAP_INIT", "init"}});
  const auto init = pid_in("pid");
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(bootstrap_.api.requests().empty());
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(init); }));
}

TEST_F(HooksTest, AShellFunctionIsNoInit) {
  bootstrap_.task_root.write("function.sh", "handler() { :; }; prepare() { :; }");
  bootstrap_.start({.handler = "function.handler",
                    .arguments = {},
                    .environment = {{"SHELLSTRAP_INIT", "function.prepare"}}});
  expect_refused("is a shell function, but must be a command");
}

// ---- SHELLSTRAP_SHUTDOWN

TEST_F(HooksTest, ShutdownRunsOnSigtermAndItsOutputIsLog) {
  script("bye", "echo saying goodbye; if read -r input; then echo input; else echo done; fi > bye-done\n");
  start({{"SHELLSTRAP_SHUTDOWN", "bye"}});
  EXPECT_EQ(bootstrap_.invoke().body, "served\n");
  const support::Lateness lateness;
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  if (was_cut_short(text_of("bye-done"), lateness)) return;
  EXPECT_EQ(text_of("bye-done"), "done\n");
  expect_in_log("saying goodbye");
}

TEST_F(HooksTest, ShutdownRunsAfterTheRunningCallHasBeenAnswered) {
  script("bye", "if [ -e answered ]; then echo answered; else echo early; fi > seen\n");
  start({{"SHELLSTRAP_SHUTDOWN", "bye"}},
        "trap 'echo > answered; exit 0' TERM; echo $$ > pid; sleep 63 & wait");
  bootstrap_.api.push_event({.id = "a"});
  pid_in("pid");
  const support::Lateness lateness;
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_post().path, "/2018-06-01/runtime/invocation/a/error");
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  if (was_cut_short(text_of("seen"), lateness)) return;
  EXPECT_EQ(text_of("seen"), "answered\n");
}

TEST_F(HooksTest, AShutdownThatDoesNotEndIsKilledWithin300Ms) {
  expect_killed({}, 200ms, 300ms);
}

TEST_F(HooksTest, AnExtensionsShutdownHasNearly500Ms) {
  expect_killed({{"SHELLSTRAP_EXTENSION", "on"}}, 400ms, 500ms);
}

TEST_F(HooksTest, AShutdownThatFailsIsALineOfTheLogAndTheEndIsStillGood) {
  start({{"SHELLSTRAP_SHUTDOWN", "sh -c 'exit 7'"}});
  bootstrap_.invoke();
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  expect_in_log("SHELLSTRAP_SHUTDOWN (sh -c exit 7) ended with status 7");
}

TEST_F(HooksTest, AShutdownThatIsNotThereIsFoundAtInit) {
  start({{"SHELLSTRAP_SHUTDOWN", "goodbye-that-is-not-there"}});
  expect_refused("SHELLSTRAP_SHUTDOWN (goodbye-that-is-not-there)");
}

TEST_F(HooksTest, AShutdownWithoutAnExtensionIsWarnedOf) {
  start({{"SHELLSTRAP_SHUTDOWN", "true"}});
  bootstrap_.invoke();
  expect_in_log("set SHELLSTRAP_EXTENSION=on");
}

// ---- SHELLSTRAP_EXTENSION

TEST_F(HooksTest, NothingIsRegisteredUnlessAskedFor) {
  start({});
  bootstrap_.invoke();
  EXPECT_TRUE(requests_to(kRegister).empty());
}

TEST_F(HooksTest, AnExtensionIsRegisteredWithoutEventsBeforeTheFirstPollAndItsNextEventIsAwaited) {
  start({{"SHELLSTRAP_EXTENSION", "on"}});
  EXPECT_EQ(bootstrap_.invoke().body, "served\n");
  ASSERT_TRUE(support::wait_for([&] { return !requests_to(kExtensionNext).empty(); }));
  const auto first = bootstrap_.api.requests().front();
  EXPECT_EQ(first.method + first.path, std::string("POST") + kRegister);
  EXPECT_EQ(first.header("Lambda-Extension-Name"), "shellstrap");
  EXPECT_EQ(first.body, R"({"events":[]})");
  const auto next = requests_to(kExtensionNext);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].method, "GET");
  EXPECT_EQ(next[0].header("Lambda-Extension-Identifier"), "extension-1");
  EXPECT_EQ(bootstrap_.invoke().body, "served\n") << "with its poll on a connection of its own";
}

TEST_F(HooksTest, ARefusedRegistrationIsAWarningAndTheFunctionServes) {
  bootstrap_.api.push_registration(support::Reply::error(403, "Extension.InvalidExtensionState", "too late"));
  start({{"SHELLSTRAP_EXTENSION", "on"}});
  EXPECT_EQ(bootstrap_.invoke().body, "served\n");
  expect_in_log("no SIGTERM will come: 403 Extension.InvalidExtensionState: too late");
  EXPECT_TRUE(requests_to(kExtensionNext).empty());
}

TEST_F(HooksTest, ARegistrationWithoutIdentifierIsAWarningToo) {
  bootstrap_.api.push_registration(support::Reply::with(200, {}, "{}"));
  start({{"SHELLSTRAP_EXTENSION", "on"}});
  EXPECT_EQ(bootstrap_.invoke().body, "served\n");
  expect_in_log("the answer has no identifier");
}

// ---- AWS's own emulator, which sends SIGTERM to registered extensions only, as the service does.

class OfficialShutdownTest : public HooksTest, public testing::WithParamInterface<bool> {};

TEST_P(OfficialShutdownTest, RunsWithAnExtensionAndNotWithoutOne) {
  if (!support::OfficialEmulator::is_there()) return;
  const support::TempDir task_root;
  task_root.write("handler.sh", "#!/bin/sh\ncat\n", 0755);
  task_root.write("shellstrap.json", std::string(R"({"shutdown": "sh -c 'echo > bye'", "extension": )") +
                                         (GetParam() ? "true}" : "false}"));
  support::OfficialEmulator emulator(task_root.path(), "handler.sh");
  EXPECT_EQ(emulator.invoke("{}"), "{}") << emulator.log();
  EXPECT_TRUE(emulator.terminate()) << emulator.log();
  const bool has_run = ::access((task_root / "bye").c_str(), F_OK) == 0;
  EXPECT_EQ(has_run, GetParam()) << emulator.log();
}

INSTANTIATE_TEST_SUITE_P(Extension, OfficialShutdownTest, testing::Bool(),
                         [](const auto& extension) { return extension.param ? "On" : "Off"; });
