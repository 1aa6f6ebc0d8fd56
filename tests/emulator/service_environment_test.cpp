// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/service_environment.h"

#include "emulator/call/identifiers.h"

#include <regex>

#include <gtest/gtest.h>

namespace {

using namespace emulator;

Function sample_function() {
  Function function;
  function.handler = "x.sh";
  function.task_root = "/task";
  function.bootstrap = "/opt/rt/bootstrap";
  function.memory_mib = 256;
  return function;
}

base::Environment environment_of(const std::vector<std::pair<std::string, std::string>>& variables) {
  base::Environment environment;
  for (const auto& [name, value] : variables) environment.set(name, value);
  return environment;
}

TEST(ServiceEnvironmentTest, AManagedInstanceKnowsHowManyCallsComeAtATimeAndLogsJson) {
  auto function = sample_function();
  function.concurrency = 16;
  const auto environment =
      service_environment(function, "127.0.0.1:9", environment_of({{"AWS_LAMBDA_LOG_FORMAT", "Text"}}));
  EXPECT_EQ(environment.get("AWS_LAMBDA_MAX_CONCURRENCY"), "16");
  EXPECT_EQ(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"), "lambda-managed-instances");
  EXPECT_EQ(environment.get("AWS_LAMBDA_LOG_FORMAT"), "JSON");
}

TEST(ServiceEnvironmentTest, DefinesWhatTheServiceDefines) {
  const auto environment = service_environment(sample_function(), "127.0.0.1:9", {});
  EXPECT_EQ(environment.get("_HANDLER"), "x.sh");
  EXPECT_EQ(environment.get("AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9");
  EXPECT_EQ(environment.get("LAMBDA_TASK_ROOT"), "/task");
  EXPECT_EQ(environment.get("LAMBDA_RUNTIME_DIR"), "/opt/rt");
  EXPECT_EQ(environment.get("AWS_LAMBDA_FUNCTION_NAME"), "function");
  EXPECT_EQ(environment.get("AWS_LAMBDA_FUNCTION_VERSION"), "$LATEST");
  EXPECT_EQ(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), "256");
  EXPECT_EQ(environment.get("AWS_LAMBDA_LOG_GROUP_NAME"), "/aws/lambda/function");
  EXPECT_EQ(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"), "on-demand");
  EXPECT_EQ(environment.get("AWS_REGION"), "us-east-1");
  EXPECT_EQ(environment.get("AWS_DEFAULT_REGION"), "us-east-1");
  EXPECT_EQ(environment.get("TZ"), ":UTC");
  EXPECT_EQ(environment.get("LANG"), "en_US.UTF-8");
  EXPECT_TRUE(environment.get("PATH"));
  const std::regex stream(R"(\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32})");
  EXPECT_TRUE(std::regex_match(environment.get_or("AWS_LAMBDA_LOG_STREAM_NAME", ""), stream));
}

TEST(ServiceEnvironmentTest, OfTheUsersShellOnlyPathSettingsAndCredentialsGetThrough) {
  const auto own = environment_of({{"PATH", "/mine"},
                                   {"HOME", "/home/me"},
                                   {"http_proxy", "http://proxy"},
                                   {"TERM", "xterm"},
                                   {"_X_AMZN_TRACE_ID", "stale"},
                                   {"AWS_PROFILE", "me"},
                                   {"SHELLSTRAP_RESPONSE", "fd:3"},
                                   {"AWS_LAMBDA_LOG_FORMAT", "JSON"},
                                   {"AWS_ACCESS_KEY_ID", "key"}});
  const auto environment = service_environment(sample_function(), "h:1", own);
  EXPECT_EQ(environment.get("PATH"), "/mine");
  EXPECT_EQ(environment.get("SHELLSTRAP_RESPONSE"), "fd:3");
  EXPECT_EQ(environment.get("AWS_LAMBDA_LOG_FORMAT"), "JSON");
  EXPECT_EQ(environment.get("AWS_ACCESS_KEY_ID"), "key");
  for (const char* name :
       {"HOME", "http_proxy", "TERM", "_X_AMZN_TRACE_ID", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"})
    EXPECT_FALSE(environment.get(name)) << name;
}

TEST(ServiceEnvironmentTest, VariablesOfTheFunctionWinOverTheShell) {
  auto function = sample_function();
  function.environment = {
      {"SHELLSTRAP_RESPONSE", "stderr"}, {"TZ", "Europe/Zurich"}, {"TWICE", "1"}, {"TWICE", "2"}};
  const auto environment =
      service_environment(function, "h:1", environment_of({{"SHELLSTRAP_RESPONSE", "fd:3"}}));
  EXPECT_EQ(environment.get("SHELLSTRAP_RESPONSE"), "stderr");
  EXPECT_EQ(environment.get("TZ"), "Europe/Zurich");
  EXPECT_EQ(environment.get("TWICE"), "2");
}

TEST(ServiceEnvironmentTest, RegionIsTheShells) {
  EXPECT_EQ(region_of(environment_of({{"AWS_DEFAULT_REGION", "eu-central-2"}})), "eu-central-2");
  EXPECT_EQ(region_of(environment_of({{"AWS_DEFAULT_REGION", "a"}, {"AWS_REGION", "b"}})), "b");
  EXPECT_EQ(region_of({}), "us-east-1");
}

TEST(RefusedVariableTest, ReservedAndImpossibleNames) {
  for (const char* name : {"_HANDLER", "AWS_REGION", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT"})
    EXPECT_NE(refused_variable(name).value_or("").find("reserved"), std::string::npos) << name;
  for (const char* name : {"", "A", "1AB", "A-B", "_AB", "A B", "\xc3\xa4\xc3\xa4"})
    EXPECT_TRUE(refused_variable(name)) << name;
  for (const char* name : {"AB", "PATH", "A1_", "SHELLSTRAP_RESPONSE", "AWS_LAMBDA_LOG_LEVEL"})
    EXPECT_FALSE(refused_variable(name)) << name;
}

TEST(IdentifiersTest, LookAsTheServicesDo) {
  EXPECT_TRUE(std::regex_match(
      new_request_id(), std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
  EXPECT_TRUE(std::regex_match(new_trace_id(),
                               std::regex("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0")));
  EXPECT_TRUE(std::regex_match(timestamp(), std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
  EXPECT_NE(new_request_id(), new_request_id());
}

}  // namespace
