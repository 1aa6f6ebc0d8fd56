// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/bootstrap_process.h"
#include "support/temp_dir.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

/// A bootstrap that makes the files of its calls in a folder of the test.
class TemplateFixture : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string>;

  void start(const nlohmann::json& command, Variables variables = {}) {
    variables["SHELLSTRAP_COMMAND"] = command.dump();
    start_handler("", std::move(variables));
  }

  void start_handler(const std::string& handler, Variables variables) {
    variables["TMPDIR"] = tmp_.path();
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = std::move(variables)});
  }

  static std::string error_type(const support::RecordedRequest& post) {
    return post.header("Lambda-Runtime-Function-Error-Type").value_or("none");
  }

  std::string init_error() {
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
    const auto body = nlohmann::json::parse(post.body, nullptr, false);
    return body.value("errorType", "") + ": " + body.value("errorMessage", "");
  }

  /// Until the call's files are gone: they go once the answer is out.
  bool wait_for_empty_tmp() {
    bootstrap_.wait_until_idle();
    return std::filesystem::is_empty(tmp_.path());
  }

  support::TempDir tmp_;
  support::BootstrapProcess bootstrap_;
};
