// SPDX-License-Identifier: Apache-2.0
#include "api/runtime_client.h"

#include "support/fake_runtime_api.h"

#include <gtest/gtest.h>

namespace {

using support::Event;
using support::FakeRuntimeApi;
using support::Reply;
using namespace std::chrono_literals;

class RuntimeClientTest : public testing::Test {
 protected:
  api::Posted post(const api::Invocation& invocation, std::string_view answer) {
    base::Spool spool;
    EXPECT_TRUE(spool.append(answer));
    return client_.post_response(invocation, spool, "application/json", base::Deadline::after(10s));
  }

  FakeRuntimeApi fake_;
  api::RuntimeClient client_{*api::Endpoint::parse(fake_.address())};
};

TEST_F(RuntimeClientTest, EventAndAnswerTravelByteForByte) {
  fake_.push_event({"id-1", "{\"a\": 1}\n", {}, {}});
  auto next = client_.next();
  auto* invocation = std::get_if<api::Invocation>(&next);
  ASSERT_NE(invocation, nullptr);
  EXPECT_EQ(invocation->request_id, "id-1");
  EXPECT_EQ(*invocation->event.text(), "{\"a\": 1}\n");
  const auto posted = post(*invocation, "hello\n");
  EXPECT_EQ(posted.status, 202) << posted.reason;
  const auto posts = fake_.wait_for_posts(1, 5s);
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_EQ(posts[0].path, "/2018-06-01/runtime/invocation/id-1/response");
  EXPECT_EQ(posts[0].body, "hello\n");
}

}  // namespace
