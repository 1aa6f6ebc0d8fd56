// SPDX-License-Identifier: Apache-2.0
#include "handler/runner/child_environment.h"

#include <gtest/gtest.h>

using handler::child_base_environment;
using handler::child_environment;

namespace {

api::Invocation invocation_with(std::vector<api::ContextHeader> context) {
  api::Invocation invocation{
      "id-1", {}, {}, {}, {}, {}, std::move(context), *base::MemoryFile::create("event")};
  return invocation;
}

base::Environment own_environment() {
  base::Environment environment;
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"PATH", "/bin"},
           {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"},
           {"_LAMBDA_TELEMETRY_LOG_FD", "62"},
           {"_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET", "/s"},
           {"_X_AMZN_TRACE_ID", "stale"},
           {"LAMBDA_RUNTIME_AWS_TENANT_ID", "stale"},
           {"LAMBDA_RUNTIME_CLIENT_CONTEXT", "stale"},
           {"LAMBDA_RUNTIME_COGNITO_IDENTITY", "stale"},
           {"LAMBDA_RUNTIME_INVOCATION_ID", "stale"},
           {"LAMBDA_RUNTIME_DIR", "/var/runtime"}})
    environment.set(name, value);
  return environment;
}

std::optional<std::string> value_of(const std::vector<std::string>& strings, const std::string& name) {
  for (const auto& entry : strings)
    if (entry.starts_with(name + "=")) return entry.substr(name.size() + 1);
  return std::nullopt;
}

}  // namespace

TEST(ChildBaseEnvironmentTest, AChildCannotPollForTheNextEvent) {
  EXPECT_EQ(child_base_environment(own_environment(), false).get("AWS_LAMBDA_RUNTIME_API"), std::nullopt);
  EXPECT_EQ(child_base_environment(own_environment(), true).get("AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9001");
}

TEST(ChildBaseEnvironmentTest, LogDescriptorsAndStaleContextAreRemovedAndTheRestStays) {
  const auto environment = child_base_environment(own_environment(), false);
  for (const auto* name :
       {"_LAMBDA_TELEMETRY_LOG_FD", "_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET", "_X_AMZN_TRACE_ID",
        "LAMBDA_RUNTIME_AWS_TENANT_ID", "LAMBDA_RUNTIME_CLIENT_CONTEXT", "LAMBDA_RUNTIME_COGNITO_IDENTITY",
        "LAMBDA_RUNTIME_INVOCATION_ID"})
    EXPECT_EQ(environment.get(name), std::nullopt) << name;
  EXPECT_EQ(environment.get("PATH"), "/bin");
  EXPECT_EQ(environment.get("LAMBDA_RUNTIME_DIR"), "/var/runtime");
}

TEST(ChildBaseEnvironmentTest, HomeIsWritableUnlessItIsSet) {
  auto own = own_environment();
  EXPECT_EQ(child_base_environment(own, false).get("HOME"), "/tmp");
  own.set("HOME", "/home/u");
  EXPECT_EQ(child_base_environment(own, false).get("HOME"), "/home/u");
}

TEST(ChildEnvironmentTest, EveryHeaderBecomesItsVariableAndItsAliases) {
  const auto invocation = invocation_with({{"Lambda-Runtime-Aws-Request-Id", "id-1"},
                                           {"lambda-runtime-deadline-ms", "1700000000000"},
                                           {"LAMBDA-RUNTIME-INVOKED-FUNCTION-ARN", "arn:x"},
                                           {"Lambda-Runtime-Trace-Id", "Root=1;Sampled=1"},
                                           {"Lambda-Runtime-Client-Context", "{\"a\": 1}"},
                                           {"Lambda-Runtime-Something-New", "2026"}});
  const auto strings = child_environment({}, invocation).strings;
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"LAMBDA_RUNTIME_AWS_REQUEST_ID", "id-1"},        {"AWS_LAMBDA_REQUEST_ID", "id-1"},
      {"LAMBDA_RUNTIME_DEADLINE_MS", "1700000000000"},  {"AWS_LAMBDA_DEADLINE_MS", "1700000000000"},
      {"LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN", "arn:x"}, {"AWS_LAMBDA_FUNCTION_ARN", "arn:x"},
      {"LAMBDA_RUNTIME_TRACE_ID", "Root=1;Sampled=1"},  {"AWS_LAMBDA_TRACE_ID", "Root=1;Sampled=1"},
      {"_X_AMZN_TRACE_ID", "Root=1;Sampled=1"},         {"LAMBDA_RUNTIME_CLIENT_CONTEXT", "{\"a\": 1}"},
      {"LAMBDA_RUNTIME_SOMETHING_NEW", "2026"},
  };
  for (const auto& [name, value] : expected) EXPECT_EQ(value_of(strings, name), value) << name;
  EXPECT_EQ(strings.size(), expected.size());
}

TEST(ChildEnvironmentTest, AnAbsentHeaderLeavesItsVariablesUnset) {
  const auto start = child_base_environment(own_environment(), false);
  const auto strings = child_environment(start, invocation_with({})).strings;
  EXPECT_EQ(value_of(strings, "_X_AMZN_TRACE_ID"), std::nullopt);
  EXPECT_EQ(value_of(strings, "AWS_LAMBDA_REQUEST_ID"), std::nullopt);
}

TEST(ChildEnvironmentTest, ANameThatIsNoVariableIsLeftOut) {
  const auto invocation =
      invocation_with({{"Lambda-Runtime-A=B", "x"}, {"Lambda-Runtime-é", "x"}, {"Lambda-Runtime-A.B", "x"}});
  EXPECT_TRUE(child_environment({}, invocation).strings.empty());
}

TEST(ChildEnvironmentTest, AValueBeyondTheKernelsLimitIsLeftOutWithAWarning) {
  const std::string name = "LAMBDA_RUNTIME_CLIENT_CONTEXT";
  const std::size_t longest = 131072 - name.size() - 2;
  const auto fits =
      child_environment({}, invocation_with({{"Lambda-Runtime-Client-Context", std::string(longest, 'x')}}));
  EXPECT_EQ(fits.strings.size(), 1U);
  EXPECT_TRUE(fits.warnings.empty());

  const auto over = child_environment(
      {}, invocation_with({{"Lambda-Runtime-Client-Context", std::string(longest + 1, 'x')}}));
  EXPECT_TRUE(over.strings.empty());
  ASSERT_EQ(over.warnings.size(), 1U);
  EXPECT_NE(over.warnings[0].find(name), std::string::npos);
}
