// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/pool.h"

#include "emulator/broker_calls.h"
#include "fake_place.h"

#include <set>

#include <gtest/gtest.h>

namespace {

using namespace emulator;

TEST(PoolTest, ServesInTheOrderOfTheLine) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 1), 10);
  diary.hold();
  auto first = pool.submit(event_named("1"));
  diary.wait_for_events(1);
  auto second = pool.submit(event_named("2"));
  auto third = pool.submit(event_named("3"));
  diary.release();
  third->wait();
  const auto events = diary.events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].request_id + events[1].request_id + events[2].request_id, "123");
}

TEST(PoolTest, CallsOneAfterTheOtherStayInTheWarmPlace) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 4), 10);
  for (int i = 0; i < 5; ++i) pool.submit(event_named("x"))->wait();
  const auto places = diary.places();
  EXPECT_EQ(places, std::vector<int>(5, places.at(0)));
}

TEST(PoolTest, CallsAtTheSameTimeGetPlacesOfTheirOwn) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 3), 0);
  diary.hold();
  std::vector<std::future<Place::Served>> calls;
  for (int i = 0; i < 3; ++i) calls.push_back(*pool.submit(event_named("x")));
  diary.wait_for_events(3);
  const auto places = diary.places();
  EXPECT_EQ(std::set<int>(places.begin(), places.end()).size(), 3U);
}

TEST(PoolTest, CallerWhoCallsAgainAtOnceFindsThePlaceFreeEvenWithoutALine) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 1), 0);
  for (int i = 0; i < 1000; ++i) {
    auto call = pool.submit(event_named("x"));
    ASSERT_TRUE(call) << i;
    call->wait();
  }
}

TEST(PoolTest, LineThatIsFullTakesNoFurtherCall) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 1), 1);
  diary.hold();
  auto running = pool.submit(event_named("1"));
  diary.wait_for_events(1);
  auto waiting = pool.submit(event_named("2"));
  EXPECT_TRUE(waiting);
  EXPECT_FALSE(pool.submit(event_named("3")));
}

TEST(PoolTest, CancelEndsWhatWaitsAndWhatComesLater) {
  PlaceDiary diary;
  Pool pool(fake_places(diary, 1), 10);
  diary.hold();
  auto running = pool.submit(event_named("1"));
  diary.wait_for_events(1);
  auto waiting = pool.submit(event_named("2"));
  pool.cancel();
  EXPECT_TRUE(std::holds_alternative<Cancelled>(waiting->get().reply));
  EXPECT_TRUE(std::holds_alternative<Cancelled>(pool.submit(event_named("3"))->get().reply));
  EXPECT_EQ(diary.events().size(), 1U);
}

}  // namespace
