// SPDX-License-Identifier: Apache-2.0
#include "api/wire/trace_header.h"

#include <gtest/gtest.h>

namespace {

using api::TraceHeader;

constexpr const char* kRoot = "1-5759e988-bd862e3fe1be46a994272793";
constexpr const char* kParent = "53995c3f42cd8ad8";

class NoTraceTest : public testing::TestWithParam<const char*> {};
class SampledTraceTest : public testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(SampledTraceTest, HasRootAndParent) {
  const auto trace = TraceHeader::of_sampled(GetParam());
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->root, kRoot);
  EXPECT_EQ(trace->parent, kParent);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, SampledTraceTest,
    testing::Values(
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:0",
        "Sampled=1; Parent=53995c3f42cd8ad8 ;root=1-5759e988-bd862e3fe1be46a994272793;;Self=x",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Parent=no;Sampled=0"));

TEST_P(NoTraceTest, IsNotRecorded) {
  EXPECT_FALSE(TraceHeader::of_sampled(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Headers, NoTraceTest,
    testing::Values("", ";;;", "Root", "Root=", "=1", "Sampled=1",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=?",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=11",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad;Sampled=1",
                    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8adg;Sampled=1",
                    "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
                    "Root=1-5759e988-bd862e3fe1be46a99427279;Parent=53995c3f42cd8ad8;Sampled=1",
                    "Root=1-5759e988-bd862e3fe1be46a994272793-1;Parent=53995c3f42cd8ad8;Sampled=1",
                    "Root=1-5759e988\"bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
                    "Parent=53995c3f42cd8ad8;Sampled=1"));

TEST(TraceHeaderTest, AnotherParentLeavesTheRestAsItIs) {
  EXPECT_EQ(api::with_parent("Root=1-a-b; Parent=old;Sampled=1;Lineage=x:0", "new"),
            "Root=1-a-b;Parent=new;Sampled=1;Lineage=x:0");
  EXPECT_EQ(api::with_parent("Root=1-a-b;Sampled=1;", "new"), "Root=1-a-b;Sampled=1;");
}
