// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "handler/runner.h"
#include "handler/spec.h"

#include <functional>
#include <string>
#include <string_view>

namespace handler {

/// Starts the program anew for every invocation, with the event on its standard input.
class ProgramRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  /// `environment`: from child_base_environment. `directory`: where the program starts.
  ProgramRunner(ProgramSpec spec, base::Environment environment, std::string directory, Warn warn);

  proc::RunResult run(const Call& call) override;

 private:
  ProgramSpec spec_;
  base::Environment environment_;
  std::string directory_;
  Warn warn_;
};

}  // namespace handler
