// SPDX-License-Identifier: Apache-2.0
// The init phase through the real bootstrap: which handler runs, and what is refused before the first poll.
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

class InitTest : public testing::Test {
 protected:
  // The init error's body; the process must have ended with a status other than 0 and never have polled.
  json refused(const support::BootstrapOptions& options) {
    bootstrap_.start(options);
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
    for (const auto& request : bootstrap_.api.requests()) EXPECT_FALSE(request.is_next());
    auto body = json::parse(post.body, nullptr, false);
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), body.value("errorType", ""));
    return body;
  }

  void expect_refused(const support::BootstrapOptions& options, const std::string& type,
                      const std::string& words) {
    const auto body = refused(options);
    EXPECT_EQ(body.value("errorType", ""), type);
    EXPECT_NE(body.value("errorMessage", "").find(words), std::string::npos) << body;
    EXPECT_TRUE(bootstrap_.logs(words));
  }

  support::BootstrapProcess bootstrap_;
};

support::BootstrapOptions handler(const std::string& name) {
  return {.handler = name, .arguments = {}, .environment = {}};
}

}  // namespace

TEST_F(InitTest, AMissingHandlerIsAnInitErrorThatSaysWhatWasTried) {
  expect_refused(handler("nothing.here"), "Runtime.HandlerNotFound", bootstrap_.task_root / "nothing.sh");
}

TEST_F(InitTest, NoHandlerAtAllSaysHowToSetOne) {
  expect_refused(handler(""), "Runtime.HandlerNotFound", "SHELLSTRAP_COMMAND");
}

TEST_F(InitTest, AnInterpreterAloneIsRefused) {
  expect_refused(handler("bash"), "Runtime.InvalidHandler", "event as code");
}

TEST_F(InitTest, AnUnknownSettingIsNamed) {
  bootstrap_.task_root.write("run", "#!/bin/sh\n", 0755);
  expect_refused({.handler = "run", .arguments = {}, .environment = {{"SHELLSTRAP_TIMEOUT", "3"}}},
                 "Runtime.InitError", "SHELLSTRAP_TIMEOUT");
}

TEST_F(InitTest, ABadSettingsFileIsNamed) {
  bootstrap_.task_root.write("run", "#!/bin/sh\n", 0755);
  bootstrap_.task_root.write("shellstrap.json", "{\"timeout_ms\": }");
  expect_refused(handler("run"), "Runtime.InitError",
                 "shellstrap.json is not JSON: line 1, column 16 (byte 16): unexpected '}'");
}

TEST_F(InitTest, SettingsMayStandInTheTaskRoot) {
  bootstrap_.task_root.write("shellstrap.json", R"({"command": ["printf", "from the file"]})");
  bootstrap_.start(handler("ignored"));
  EXPECT_EQ(bootstrap_.invoke().body, "from the file");
}

TEST_F(InitTest, TheCommandOfAContainerImageIsTheHandler) {
  bootstrap_.start(
      {.handler = "ignored", .arguments = {"printf", "%s|", "a b", "$HOME", "*"}, .environment = {}});
  EXPECT_EQ(bootstrap_.invoke().body, "a b|$HOME|*|");
}

TEST_F(InitTest, OneArgumentIsTheHandler) {
  bootstrap_.task_root.write("mine", "#!/bin/sh\necho mine", 0755);
  bootstrap_.start({.handler = "other", .arguments = {"mine"}, .environment = {}});
  EXPECT_EQ(bootstrap_.invoke().body, "mine\n");
}

TEST_F(InitTest, ACommandOfThePathIsAHandler) {
  bootstrap_.start(handler("sha256sum"));
  EXPECT_EQ(bootstrap_.invoke("abc").body,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n");
}

TEST_F(InitTest, AScriptWithoutTheRunBitRunsWithOneWarning) {
  bootstrap_.task_root.write("run.sh", "echo ran", 0644);
  bootstrap_.start(handler("run.sh"));
  EXPECT_EQ(bootstrap_.invoke().body, "ran\n");
  EXPECT_EQ(bootstrap_.invoke().body, "ran\n");
  const auto log = bootstrap_.log();
  EXPECT_EQ(log.find("chmod +x"), log.rfind("chmod +x")) << log;
  EXPECT_NE(log.find("chmod +x"), std::string::npos) << log;
}

TEST_F(InitTest, AMissingTaskRootIsTheWorkingDirectoryWithOneWarning) {
  bootstrap_.task_root.write("run", "#!/bin/sh\npwd", 0755);
  bootstrap_.start(
      {.handler = "run", .arguments = {}, .environment = {{"LAMBDA_TASK_ROOT", "/no/such/root"}}});
  EXPECT_EQ(base::trim(bootstrap_.invoke().body), bootstrap_.task_root.path());
  EXPECT_TRUE(bootstrap_.logs("/no/such/root"));
}

TEST_F(InitTest, ProxyVariablesNeverApplyToTheRuntimeApi) {
  bootstrap_.start({.handler = "cat",
                    .arguments = {},
                    .environment = {{"http_proxy", "http://127.0.0.1:1"},
                                    {"HTTP_PROXY", "http://127.0.0.1:1"},
                                    {"ALL_PROXY", "http://127.0.0.1:1"}}});
  EXPECT_EQ(bootstrap_.invoke("x").body, "x");
}

TEST_F(InitTest, TheAddressMayHaveASchemeAndAPathPrefix) {
  bootstrap_.start(
      {.handler = "cat",
       .arguments = {},
       .environment = {{"AWS_LAMBDA_RUNTIME_API", "http://" + bootstrap_.api.address() + "/.rt"}}});
  EXPECT_EQ(bootstrap_.invoke("x").path, "/.rt/2018-06-01/runtime/invocation/request-1/response");
}

TEST(BootstrapOptionsTest, VersionAndHelpNeedNoRuntimeApi) {
  const auto version = support::run_tool({support::bootstrap_program(), "--version"});
  EXPECT_TRUE(version.state.success());
  EXPECT_TRUE(version.out.starts_with("bootstrap ")) << version.out;
  const auto help = support::run_tool({support::bootstrap_program(), "--help"});
  EXPECT_TRUE(help.state.success());
  EXPECT_NE(help.out.find("_HANDLER"), std::string::npos);
}

TEST(BootstrapOptionsTest, WithoutARuntimeApiItSaysWhatToUseInstead) {
  const auto result =
      support::run_tool({support::bootstrap_program(), "handler.sh"}, "", std::vector<std::string>{});
  EXPECT_EQ(result.state, proc::ExitState::exited(1));
  EXPECT_NE(result.err.find("shellstrap invoke"), std::string::npos) << result.err;
}

TEST(BootstrapOptionsTest, AnAddressThatIsNoneIsNamed) {
  const auto result = support::run_tool({support::bootstrap_program(), "handler.sh"}, "",
                                        std::vector<std::string>{"AWS_LAMBDA_RUNTIME_API=host:port:none"});
  EXPECT_EQ(result.state, proc::ExitState::exited(1));
  EXPECT_NE(result.err.find("host:port:none"), std::string::npos) << result.err;
}
