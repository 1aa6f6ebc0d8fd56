// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/kept_answer.h"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using runtime::KeptAnswer;

api::Invocation invocation(const std::string& request_id, std::optional<std::string> invocation_id = {},
                           std::optional<std::chrono::milliseconds> deadline = 1000ms,
                           std::string_view payload = "{}") {
  auto event = *base::MemoryFile::create("event");
  EXPECT_TRUE(event.append(payload));
  return {request_id, std::move(invocation_id), deadline, {}, {}, {}, {}, std::move(event)};
}

api::Invocation with_payload(std::string_view payload) {
  return invocation("a", {}, 1000ms, payload);
}

base::Spool answer(std::string_view text) {
  base::Spool spool;
  EXPECT_TRUE(spool.append(text));
  return spool;
}

// The response that is kept for `again` after `first` was answered with "kept"; empty: none.
std::string kept_for(const api::Invocation& first, const api::Invocation& again) {
  KeptAnswer kept;
  kept.keep(first, answer("kept"));
  auto found = kept.take_for(again);
  return found ? *std::get<base::Spool>(*found).text() : "";
}

}  // namespace

TEST(KeptAnswerTest, TheSameAttemptGetsItsAnswer) {
  EXPECT_EQ(kept_for(invocation("a"), invocation("a")), "kept");
  EXPECT_EQ(kept_for(invocation("a", "x"), invocation("a", "x")), "kept");
  EXPECT_EQ(kept_for(invocation("a", {}, std::nullopt), invocation("a", {}, std::nullopt)), "kept");
}

TEST(KeptAnswerTest, AnotherAttemptDoesNot) {
  EXPECT_EQ(kept_for(invocation("a"), invocation("b")), "");
  EXPECT_EQ(kept_for(invocation("a"), invocation("a", {}, 1001ms)), "");
  EXPECT_EQ(kept_for(invocation("a"), invocation("a", {}, std::nullopt)), "");
  EXPECT_EQ(kept_for(invocation("a", "x"), invocation("a", "y")), "");
  EXPECT_EQ(kept_for(invocation("a", "x"), invocation("a")), "");
}

TEST(KeptAnswerTest, AnotherPayloadIsAnotherEvent) {
  const std::string large(200'000, 'x');
  EXPECT_EQ(kept_for(with_payload(large), with_payload(large)), "kept");
  EXPECT_EQ(kept_for(with_payload(""), with_payload("")), "kept");
  for (const auto& other :
       {std::string(), large + "x", large.substr(1), large.substr(1) + "y", "y" + large.substr(1)})
    EXPECT_EQ(kept_for(with_payload(large), with_payload(other)), "") << other.size();
}

TEST(KeptAnswerTest, TheEventNeedNotLiveAsLong) {
  KeptAnswer kept;
  kept.keep(with_payload("payload"), answer("kept"));
  EXPECT_TRUE(kept.take_for(with_payload("payload")));
}

TEST(KeptAnswerTest, NothingIsKeptBeyondTheNextEvent) {
  KeptAnswer kept;
  EXPECT_FALSE(kept.take_for(invocation("a")));
  kept.keep(invocation("a"), answer("kept"));
  EXPECT_FALSE(kept.take_for(invocation("b")));
  EXPECT_FALSE(kept.take_for(invocation("a")));
}

TEST(KeptAnswerTest, AnErrorIsKeptAsWell) {
  KeptAnswer kept;
  kept.keep(invocation("a"), api::FunctionError{api::ErrorType::exited(3), "failed", {}, {}});
  const auto found = kept.take_for(invocation("a"));
  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<api::FunctionError>(*found).message, "failed");
}
