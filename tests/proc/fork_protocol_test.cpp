// SPDX-License-Identifier: Apache-2.0
// Every transition of the protocol with a fork server, and that there are no others.
#include "proc/fork_server/fork_protocol.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using proc::ForkProtocol;
using proc::parse_status_line;
using proc::Taken;
using State = ForkProtocol::State;

constexpr unsigned long kCall = 7;

void hear(ForkProtocol& protocol, const std::string& text, bool fork_has_ended) {
  const auto line = parse_status_line(text);
  ASSERT_TRUE(line) << text;
  protocol.hear(*line, fork_has_ended);
}

// A protocol in that state, about fork 1 or, where it takes an order to get there, 2.
ForkProtocol in(State state) {
  ForkProtocol protocol;
  if (state == State::preparing) return protocol;
  hear(protocol, "pid 1 4711", false);
  if (state == State::waiting) return protocol;
  protocol.send(kCall, 3);
  if (state == State::sent) return protocol;
  if (state == State::ended) {
    hear(protocol, "end 1 7 0", false);
    return protocol;
  }
  hear(protocol, "wait 1 0", true);
  if (state == State::forking) protocol.order_fork();
  if (state == State::broken) protocol.doubt();
  return protocol;
}

const std::vector<State> kStates = {State::preparing, State::forking, State::waiting, State::sent,
                                    State::ended,     State::gone,    State::broken};

const char* name_of(State state) {
  switch (state) {
    case State::preparing:
      return "preparing";
    case State::forking:
      return "forking";
    case State::waiting:
      return "waiting";
    case State::sent:
      return "sent";
    case State::ended:
      return "ended";
    case State::gone:
      return "gone";
    default:
      return "broken";
  }
}

// What may be said in a state, N being the fork that it is about, and where it leads.
using Legal = std::map<std::pair<State, std::string>, State>;
const Legal kLegal = {
    {{State::preparing, "pid N 4711"}, State::waiting}, {{State::preparing, "end N 0 143"}, State::preparing},
    {{State::forking, "pid N 4711"}, State::waiting},   {{State::forking, "end N 0 143"}, State::forking},
    {{State::forking, "wait N 143"}, State::gone},      {{State::waiting, "end N 0 143"}, State::waiting},
    {{State::waiting, "bad N 0"}, State::waiting},      {{State::waiting, "wait N 143"}, State::gone},
    {{State::sent, "end N 0 143"}, State::sent},        {{State::sent, "bad N 0"}, State::sent},
    {{State::sent, "end N 7 5"}, State::ended},         {{State::sent, "wait N 143"}, State::gone},
    {{State::ended, "wait N 143"}, State::gone},
};
const std::vector<std::string> kLines = {"pid N 4711", "pid N 0",   "bad N 0",   "end N 0 143", "end N 7 5",
                                         "end N 6 0",  "end N 8 0", "end N 5",   "wait N 143",  "sourced N 0",
                                         "pid M 4711", "bad M 0",   "end M 0 0", "end M 7 0",   "wait M 0"};

std::string with_numbers(std::string text, unsigned long fork) {
  const auto at = text.find_first_of("NM");
  return text.replace(at, 1, std::to_string(text[at] == 'N' ? fork : fork - 1));
}

TEST(ForkProtocolTest, EveryWordInEveryStateLeadsWhereTheTableSaysAndElseToBroken) {
  for (const State state : kStates)
    for (const auto& line : kLines) {
      auto protocol = in(state);
      hear(protocol, with_numbers(line, protocol.fork()), true);
      const auto legal = kLegal.find({state, line});
      const State expected = legal != kLegal.end() ? legal->second : State::broken;
      EXPECT_STREQ(name_of(protocol.state()), name_of(expected)) << name_of(state) << ": " << line;
    }
}

TEST(ForkProtocolTest, AWaitForAForkThatGoesOnIsNotBelieved) {
  for (const State state : {State::forking, State::waiting, State::sent, State::ended}) {
    auto protocol = in(state);
    hear(protocol, with_numbers("wait N 0", protocol.fork()), false);
    EXPECT_TRUE(protocol.is(State::broken)) << name_of(state);
  }
}

TEST(ForkProtocolTest, TheStatusIsTheFunctionsAndNotTheShells) {
  auto protocol = in(State::sent);
  hear(protocol, "end 1 7 5", false);
  EXPECT_EQ(protocol.status(), 5);
  hear(protocol, "wait 1 137", true);
  EXPECT_EQ(protocol.status(), 5);
}

TEST(ForkProtocolTest, WhoEndsBeforeTheFunctionSpoilsItsCallAndNoOther) {
  for (const char* line : {"end 1 0 0", "bad 1 0"}) {
    auto protocol = in(State::sent);
    hear(protocol, line, false);
    EXPECT_TRUE(protocol.spoiled()) << line;
    hear(protocol, "wait 1 0", true);
    EXPECT_TRUE(protocol.spoiled()) << line;
    protocol.order_fork();
    EXPECT_FALSE(protocol.spoiled()) << line;
  }
}

TEST(ForkProtocolTest, AnEndBehindASpoiledCallIsNotBelieved) {
  auto protocol = in(State::sent);
  hear(protocol, "bad 1 0", false);
  hear(protocol, "end 1 7 0", false);
  EXPECT_TRUE(protocol.is(State::broken));
}

TEST(ForkProtocolTest, OrdersAndRecordsHaveAFixedLength) {
  auto protocol = in(State::gone);
  EXPECT_EQ(protocol.order_fork(), "fork           2");
  hear(protocol, "pid 2 4712", false);
  EXPECT_EQ(protocol.send(123456789, 17), "        2 123456789   17");
  hear(protocol, "wait 2 0", true);
  EXPECT_EQ(protocol.order_hook(), "hook           3");
  EXPECT_TRUE(protocol.is(State::preparing));
}

TEST(ForkProtocolTest, ItIsKnownWhetherTheForkWasSentItsEvent) {
  EXPECT_FALSE(in(State::waiting).was_sent());
  EXPECT_TRUE(in(State::sent).was_sent());
  EXPECT_FALSE(in(State::forking).was_sent());
}

TEST(ForkProtocolTest, OnlyAWholeRecordAndAnUnreadMessageIsNothingTaken) {
  EXPECT_EQ(proc::taken_of(24, 0, 100), Taken::nothing);
  EXPECT_EQ(proc::taken_of(0, 100, 100), Taken::all);
  for (const std::size_t control : {1U, 8U, 23U, 25U, 48U})
    EXPECT_EQ(proc::taken_of(control, 0, 100), Taken::part) << control;
  EXPECT_EQ(proc::taken_of(24, 100, 100), Taken::part);
  EXPECT_EQ(proc::taken_of(0, 0, 100), Taken::part);
  EXPECT_EQ(proc::taken_of(0, 99, 100), Taken::part);
  EXPECT_EQ(proc::taken_of(0, 128, 100), Taken::all);
}

}  // namespace
