// SPDX-License-Identifier: Apache-2.0
// Our bootstrap under AWS's own emulator: two implementations of the protocol that have never met.
#include "support/official_emulator.h"

#include "support/temp_dir.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using support::OfficialEmulator;

// Names its bootstrap, so that a test can tell whether two calls met the same one. The event says what to do.
constexpr const char* kGreeter = R"(#!/bin/sh
event=$(cat)
case $event in
  *fail*) echo "no such luck" >&2; exit 3 ;;
  *stall*) sleep 60 ;;
esac
printf '{"event":%s,"bootstrap":%d,"request":"%s"}' "$event" "$PPID" "$LAMBDA_RUNTIME_AWS_REQUEST_ID"
)";

class OfficialEmulatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!OfficialEmulator::is_there()) return;
    task_root_.write("handler.sh", kGreeter, 0755);
  }

  // No exceptions: what is no JSON is shown as it came.
  static nlohmann::json json_of(const std::string& answer) {
    auto json = nlohmann::json::parse(answer, nullptr, false);
    return json.is_object() ? json : nlohmann::json{{"not JSON", answer}};
  }

  support::TempDir task_root_;
};

TEST_F(OfficialEmulatorTest, ServesAHandler) {
  OfficialEmulator emulator(task_root_.path(), "handler.sh");
  auto answer = json_of(emulator.invoke(R"({"name":"x"})"));
  EXPECT_EQ(answer["event"], nlohmann::json({{"name", "x"}})) << answer << emulator.log();
}

TEST_F(OfficialEmulatorTest, PassesAFunctionErrorOn) {
  OfficialEmulator emulator(task_root_.path(), "handler.sh");
  auto answer = json_of(emulator.invoke(R"({"do":"fail"})"));
  EXPECT_EQ(answer["errorType"], "Function.Exit3") << answer << emulator.log();
  EXPECT_EQ(answer["stackTrace"], nlohmann::json::array({"no such luck"}));
}

TEST_F(OfficialEmulatorTest, TimeoutIsAnsweredByUsAndTheSameBootstrapGoesOn) {
  OfficialEmulator emulator(task_root_.path(), "handler.sh", "8");
  auto before = json_of(emulator.invoke("{}"));
  auto late = json_of(emulator.invoke(R"({"do":"stall"})"));
  auto after = json_of(emulator.invoke("{}"));
  // The emulator's own words for a timeout are plain text.
  EXPECT_EQ(late["errorType"], "Function.Timeout") << late << emulator.log();
  EXPECT_NE(late["errorMessage"].dump().find("Task timed out after "), std::string::npos) << late;
  ASSERT_TRUE(before["bootstrap"].is_number()) << before << emulator.log();
  EXPECT_EQ(before["bootstrap"], after["bootstrap"]) << after << emulator.log();
}

TEST_F(OfficialEmulatorTest, TwoCallsMeetTheSameBootstrapWithRequestsOfTheirOwn) {
  OfficialEmulator emulator(task_root_.path(), "handler.sh");
  auto first = json_of(emulator.invoke(R"({"call":1})"));
  auto second = json_of(emulator.invoke(R"({"call":2})"));
  EXPECT_EQ(second["event"]["call"], 2) << second << emulator.log();
  ASSERT_TRUE(first["bootstrap"].is_number()) << first << emulator.log();
  EXPECT_EQ(first["bootstrap"], second["bootstrap"]);
  EXPECT_NE(first["request"], second["request"]);
}

// It collects streams and does not show trailers; but it is written in Go, which refuses more than 4 KB of
// them.
TEST_F(OfficialEmulatorTest, TakesStreamsAndTheLongestTrailers) {
  task_root_.write("shellstrap.json", R"({"invoke_mode": "stream"})", 0644);
  task_root_.write("handler.sh",
                   "#!/bin/sh\nprintf begun; head -c 100000 /dev/zero | tr '\\0' '\"' | fold >&2; exit 3\n",
                   0755);
  OfficialEmulator emulator(task_root_.path(), "handler.sh");
  EXPECT_EQ(emulator.invoke("{}"), "begun") << emulator.log();
  EXPECT_EQ(emulator.invoke("{}"), "begun") << emulator.log();
  EXPECT_EQ(emulator.log().find("not accepted"), std::string::npos) << emulator.log();
}

}  // namespace
