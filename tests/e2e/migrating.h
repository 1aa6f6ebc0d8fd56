// SPDX-License-Identifier: Apache-2.0
// For the claims of docs/migrating.md: handlers written for another bootstrap, run by ours.
#pragma once

#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace migrating {

using Variables = std::map<std::string, std::string>;
using support::Event;
using support::RecordedRequest;

class Migrating : public testing::Test {
 protected:
  /// The function `handler` of function.sh, which holds `file`.
  void start_function(const std::string& file, Variables environment = {}) {
    bootstrap_.task_root.write("function.sh", file);
    start("function.handler", std::move(environment));
  }

  /// A program or script, as the handler run.sh.
  void start_program(const std::string& text, Variables environment = {}) {
    bootstrap_.task_root.write("run.sh", text, 0755);
    start("run.sh", std::move(environment));
  }

  void start_sample(const std::string& handler, Variables environment = {}) {
    environment["LAMBDA_TASK_ROOT"] = support::source_dir() + "/handlers/migrated";
    start(handler, std::move(environment));
  }

  void start(const std::string& handler, Variables environment = {}) {
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = std::move(environment)});
  }

  std::string answer(const Event& event) {
    const auto post = bootstrap_.invoke(event);
    EXPECT_TRUE(post.path.ends_with("/response")) << post.path << " " << post.body;
    return post.body;
  }
  std::string answer(const std::string& body = "{}") {
    return answer(Event{.id = "request-1", .body = body});
  }

  /// The error's body.
  nlohmann::json error(const std::string& type, const std::string& event = "{}") {
    return checked_error(bootstrap_.invoke(event), type);
  }

  nlohmann::json init_error(const std::string& type) {
    auto body = checked_error(bootstrap_.wait_for_post(), type);
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
    return body;
  }

  [[nodiscard]] bool logs(const std::string& text) const { return bootstrap_.logs(text); }

  support::BootstrapProcess bootstrap_;

 private:
  static nlohmann::json checked_error(const RecordedRequest& post, const std::string& type) {
    EXPECT_TRUE(post.path.ends_with("/error")) << post.path;
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), type) << post.body;
    auto body = nlohmann::json::parse(post.body, nullptr, false);
    EXPECT_TRUE(body.is_object()) << post.body;
    return body.is_object() ? body : nlohmann::json::object();
  }
};

}  // namespace migrating
