// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/runtime_client.h"
#include "support/fake_runtime_api.h"

#include <chrono>
#include <random>
#include <string>
#include <utility>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

/// A client and the server it talks to.
class RuntimeClientTest : public testing::Test {
 protected:
  /// What GET next gives, which must be an event.
  api::Invocation next_event() {
    auto next = client_.next();
    auto* invocation = std::get_if<api::Invocation>(&next);
    if (invocation != nullptr) return std::move(*invocation);
    ADD_FAILURE() << "no event: " << next.index();
    return {"none", {}, {}, {}, {}, {}, {}, *base::MemoryFile::create("none")};
  }

  api::Invocation next_event(const support::Event& event) {
    fake_.push_event(event);
    return next_event();
  }

  /// What GET next gives, which must be a T.
  template <typename T>
  T next_as() {
    auto next = client_.next();
    if (auto* wanted = std::get_if<T>(&next)) return std::move(*wanted);
    ADD_FAILURE() << "GET next gave alternative " << next.index();
    return {};
  }

  api::Posted respond(const api::Invocation& invocation, std::string_view answer = "ok",
                      base::Deadline limit = base::Deadline::after(10s)) {
    base::Spool spool;
    EXPECT_TRUE(spool.append(answer));
    return client_.post_response(invocation, spool, "application/json", limit);
  }

  /// The only POST that came, which must be there already.
  support::RecordedRequest only_post() {
    auto posts = fake_.posts();
    EXPECT_EQ(posts.size(), 1U);
    return posts.empty() ? support::RecordedRequest{} : std::move(posts.front());
  }

  static std::string random_bytes(std::size_t size) {
    std::mt19937 engine(42);
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(engine());
    return bytes;
  }

  support::FakeRuntimeApi fake_;
  api::RuntimeClient client_{*api::Endpoint::parse(fake_.address())};
};

inline const api::FunctionError kSomeError{api::ErrorType::exited(3), "it\nfailed", {"last line"}, {}};
