// SPDX-License-Identifier: Apache-2.0
// A worker whose runner fails us, which no real handler can make it do.
#include "runtime/call/worker.h"

#include "support/fake_runtime_api.h"

#include <fcntl.h>

#include <new>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

class ThrowingRunner : public handler::Runner {
 public:
  proc::RunResult run(const handler::Call&) override { throw std::bad_alloc(); }
  handler::Settled settle() override { return {}; }
};

}  // namespace

TEST(WorkerTest, WhatARunnerThrowsIsTheErrorOfItsInvocationAndReachesTheSupervisor) {
  support::FakeRuntimeApi api;
  api.push_event({.id = "unlucky"});
  const runtime::Settings settings;
  const std::string name = "handler.sh";
  const std::string directory = "/";
  const base::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  base::Logger logger(null.get());
  ThrowingRunner runner;
  runtime::Worker worker(api::RuntimeClient(*api::Endpoint::parse(api.address())), runner,
                         {settings, name, directory, logger, -1});
  EXPECT_THROW(worker.serve(), std::bad_alloc);
  const auto posts = api.wait_for_posts(1, 20s);
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_TRUE(posts[0].path.ends_with("/unlucky/error")) << posts[0].path;
  EXPECT_EQ(posts[0].header("Lambda-Runtime-Function-Error-Type"), "Runtime.InternalError");
}
