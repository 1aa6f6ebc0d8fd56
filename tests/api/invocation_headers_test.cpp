// SPDX-License-Identifier: Apache-2.0
#include "api/wire/invocation_headers.h"

#include <gtest/gtest.h>

namespace {

using api::ContextHeader;
using api::Invocation;

base::Result<Invocation> read(std::vector<ContextHeader> headers) {
  return api::invocation_from(headers, *base::MemoryFile::create("test"));
}

Invocation read_with(std::string name, std::string value) {
  return *read({{"Lambda-Runtime-Aws-Request-Id", "id"}, {std::move(name), std::move(value)}});
}

TEST(InvocationHeadersTest, EveryFieldIsReadWhateverTheCase) {
  const auto invocation = read({{"lambda-runtime-aws-request-id", "id"},
                                {"LAMBDA-RUNTIME-DEADLINE-MS", "1700000000123"},
                                {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:x"},
                                {"Lambda-Runtime-Trace-Id", "Root=1-2;Parent=3;Sampled=1"},
                                {"Lambda-Runtime-Aws-Tenant-Id", "tenant"},
                                {"Lambda-Runtime-Invocation-Id", "attempt-1"},
                                {"Lambda-Runtime-Brand-New", "x"},
                                {"Content-Type", "application/json"}});
  ASSERT_TRUE(invocation);
  EXPECT_EQ(invocation->request_id, "id");
  EXPECT_EQ(invocation->deadline, std::chrono::milliseconds(1'700'000'000'123));
  EXPECT_EQ(invocation->function_arn, "arn:aws:x");
  EXPECT_EQ(invocation->trace_id, "Root=1-2;Parent=3;Sampled=1");
  EXPECT_EQ(invocation->tenant_id, "tenant");
  EXPECT_EQ(invocation->invocation_id, "attempt-1");
  ASSERT_EQ(invocation->context.size(), 7U);
  EXPECT_EQ(invocation->context[6].name, "Lambda-Runtime-Brand-New");
}

TEST(InvocationHeadersTest, WithoutARequestIdThereIsNoInvocation) {
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read({{"Lambda-Runtime-Aws-Request-Id", ""}}));
  EXPECT_FALSE(read({{"Lambda-Runtime-Aws-Request-Id", "a\x01"}}));
  EXPECT_FALSE(read({{"X-Lambda-Runtime-Aws-Request-Id", "id"}}));
}

TEST(InvocationHeadersTest, OfDuplicatesTheFirstCounts) {
  const auto invocation = read({{"Lambda-Runtime-Aws-Request-Id", "first"},
                                {"lambda-runtime-aws-request-id", "second"},
                                {"Lambda-Runtime-Trace-Id", "t1"},
                                {"Lambda-Runtime-Trace-Id", "t2"}});
  ASSERT_TRUE(invocation);
  EXPECT_EQ(invocation->request_id, "first");
  EXPECT_EQ(invocation->trace_id, "t1");
  EXPECT_EQ(invocation->context.size(), 2U);
}

TEST(InvocationHeadersTest, EmptyIsAbsent) {
  const auto invocation = read({{"Lambda-Runtime-Aws-Request-Id", "id"},
                                {"Lambda-Runtime-Client-Context", ""},
                                {"Lambda-Runtime-Cognito-Identity", ""},
                                {"Lambda-Runtime-Invocation-Id", ""},
                                {"Lambda-Runtime-Deadline-Ms", ""}});
  ASSERT_TRUE(invocation);
  EXPECT_EQ(invocation->context.size(), 1U);
  EXPECT_FALSE(invocation->invocation_id);
  EXPECT_FALSE(invocation->deadline);
}

TEST(InvocationHeadersTest, ValuesWithControlCharactersAreDropped) {
  for (const auto* value : {"a\x01z", "a\nb", "a\rb", "\x7F"}) {
    EXPECT_EQ(read_with("Lambda-Runtime-Client-Context", value).context.size(), 1U) << value;
  }
  EXPECT_EQ(read_with("Lambda-Runtime-Client-Context", "{\t\"caf\xC3\xA9\": 1}").context.size(), 2U);
}

TEST(InvocationHeadersTest, DeadlineIsADecimalNumberOf64BitsOrNothing) {
  for (const auto* bad : {"soon", "12x", " 12", "-5", "+5", "1e9", "0x10", "1.5", "9223372036854775808"}) {
    EXPECT_FALSE(read_with("Lambda-Runtime-Deadline-Ms", bad).deadline) << bad;
  }
  EXPECT_EQ(read_with("Lambda-Runtime-Deadline-Ms", "9223372036854775807").deadline,
            std::chrono::milliseconds(9'223'372'036'854'775'807));
  EXPECT_EQ(read_with("Lambda-Runtime-Deadline-Ms", "0").deadline, std::chrono::milliseconds(0));
}

TEST(InvocationHeadersTest, SampledOnlyWhereTheTraceSaysSo) {
  const auto sampled = [](const char* trace) {
    return read_with("Lambda-Runtime-Trace-Id", trace).is_sampled();
  };
  EXPECT_TRUE(sampled("Root=1-2;Parent=3;Sampled=1"));
  EXPECT_TRUE(sampled("Root=1-2; Sampled=1 ;Lineage=a:1"));
  EXPECT_FALSE(sampled("Root=1-2;Parent=3;Sampled=0"));
  EXPECT_FALSE(sampled("Root=1-2;NotSampled=1"));
  EXPECT_FALSE(sampled("Root=1-2;Sampled=10"));
  EXPECT_FALSE(sampled(""));
}

}  // namespace
