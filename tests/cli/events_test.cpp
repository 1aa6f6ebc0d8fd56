// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "cli/events/sample_events.h"
#include "cli_run.h"

#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

TEST(EventsTest, EverySampleIsAJsonObjectUnderANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const auto& event : cli::sample_events()) {
    EXPECT_TRUE(names.insert(event.name).second) << event.name;
    EXPECT_TRUE(nlohmann::json::parse(event.json, nullptr, false).is_object()) << event.name;
  }
}

TEST(EventsTest, EverySourceOfEventsIsThere) {
  for (const char* name :
       {"api-gateway-v1", "api-gateway-v2", "function-url", "alb", "sqs", "sns", "s3", "eventbridge",
        "dynamodb", "kinesis", "kafka", "step-functions", "cloudwatch-logs", "codecommit"})
    EXPECT_TRUE(cli::find_sample_event(name)) << name;
}

TEST(EventsTest, ListsNamesAndPrintsOne) {
  const Cli cli;
  const auto listed = cli.run({"events"});
  EXPECT_EQ(listed.state, exited(0));
  EXPECT_EQ(base::split(base::trim(listed.out), '\n').size(), cli::sample_events().size());
  EXPECT_EQ(cli.run({"events", "sqs"}).out, cli::find_sample_event("sqs")->json);
}

TEST(EventsTest, UnknownNameTellsWhatThereIs) {
  const Cli cli;
  cli.script("x.sh", "cat");
  for (const auto& words :
       {std::vector<std::string>{"events", "frob"}, {"invoke", "--sample", "frob", "x.sh"}}) {
    const auto refused = cli.run(words);
    EXPECT_EQ(refused.state, exited(2));
    EXPECT_TRUE(has(refused.err, "\"frob\"") && has(refused.err, " kinesis")) << refused.err;
  }
}

TEST(EventsTest, SampleIsAnEventInTheOrderOfTheCommandLine) {
  const Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"-d", "[0]", "--sample", "s3", "-d", "[1]", "x.sh"});
  EXPECT_EQ(result.out, "[0]\n" + std::string(cli::find_sample_event("s3")->json) + "[1]");
}

}  // namespace
