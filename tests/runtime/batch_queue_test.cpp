// SPDX-License-Identifier: Apache-2.0
// Which record runs when: a table of batches, the records that fail, and how many run at a time.
#include "runtime/batch/batch_queue.h"

#include <deque>
#include <string>

#include <gtest/gtest.h>

namespace {

using runtime::BatchQueue;

/// "a1 b1 a1": three records, of the orders a and b, all of scope 1.
event::Batch batch_of(const std::string& text) {
  event::Batch batch;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    event::BatchRecord record;
    record.order = static_cast<std::size_t>(text[i]);
    record.scope = static_cast<std::size_t>(text[i + 1]);
    batch.records.push_back(std::move(record));
  }
  return batch;
}

struct QueueRow {
  const char* promise;
  const char* records;
  const char* failing;  ///< places, as digits
  std::size_t lanes;
  const char* started;  ///< in this sequence
  const char* done;
};

constexpr QueueRow kQueueRows[] = {
    {"AQueueRunsAll", "a1 b2 c3", "", 1, "012", "012"},
    {"AQueueGoesOnBehindAFailure", "a1 b2 c3", "0", 1, "012", "12"},
    {"AllOfAQueueMayFail", "a1 b2 c3", "012", 2, "012", ""},
    {"FifoStopsAtTheFirstFailure", "a1 b1 c1 a1", "1", 1, "01", "0"},
    {"FifoDoesNotStartWhatIsBehindInOtherGroups", "a1 b1 c1 d1 e1", "0", 2, "01", "1"},
    {"OneOrderNeverRunsSideBySide", "a1 a1 a1", "", 3, "012", "012"},
    {"AnotherOrderOvertakes", "a1 a1 b1 a1", "", 2, "0213", "0213"},
    {"WhatIsBeforeAFailureStillRuns", "a1 a1 b1 a1", "2", 2, "021", "01"},
    {"AFailureHoldsBackItsOwnShardOnly", "a1 b2 a1 b2", "0", 1, "013", "13"},
    {"NothingIsDoneOfNothing", "", "", 4, "", ""},
};

class BatchQueueTest : public testing::TestWithParam<QueueRow> {};

// Lanes take what they can get, and the one that started first ends first.
TEST_P(BatchQueueTest, StartsAndEndsAsTheTableSays) {
  const auto batch = batch_of(GetParam().records);
  const std::string failing = GetParam().failing;
  BatchQueue queue(batch);
  std::deque<std::size_t> running;
  std::string started;
  std::string done;
  for (;;) {
    while (running.size() < GetParam().lanes) {
      const auto next = queue.next();
      if (!next) break;
      started += std::to_string(*next);
      running.push_back(*next);
    }
    if (running.empty()) break;
    const auto ended = running.front();
    running.pop_front();
    const bool fails = failing.find(std::to_string(ended)) != std::string::npos;
    queue.finish(ended, !fails);
    if (!fails) done += std::to_string(ended);
  }
  EXPECT_EQ(started, GetParam().started);
  EXPECT_EQ(done, GetParam().done);
  EXPECT_TRUE(queue.is_idle());
  EXPECT_EQ(queue.never_started(), batch.records.size() - started.size());
  for (std::size_t i = 0; i < batch.records.size(); ++i)
    EXPECT_EQ(queue.done()[i], done.find(std::to_string(i)) != std::string::npos) << i;
}

INSTANTIATE_TEST_SUITE_P(All, BatchQueueTest, testing::ValuesIn(kQueueRows),
                         [](const auto& tested) { return tested.param.promise; });

TEST(BatchQueueStartTest, WhatRunsOrWaitsIsNotDone) {
  const auto batch = batch_of("a1 b2");
  BatchQueue queue(batch);
  EXPECT_EQ(queue.next(), 0U);
  EXPECT_FALSE(queue.is_idle());
  EXPECT_EQ(queue.done(), (std::vector<bool>{false, false}));
  EXPECT_EQ(queue.never_started(), 1U);
}

}  // namespace
