// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "handler/runner/runner.h"
#include "handler/spec/leftovers.h"
#include "handler/spec/spec.h"
#include "proc/tree/held_output.h"

#include <functional>
#include <string>
#include <string_view>

namespace handler {

/// Starts the program anew for every invocation, with the event on its standard input.
class ProgramRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  /// `environment`: from child_base_environment. `directory`: where the program starts. `family` is borrowed.
  ProgramRunner(ProgramSpec spec, base::Environment environment, std::string directory, Leftovers leftovers,
                proc::Family& family, Warn warn);

  proc::RunResult run(const Call& call) override;
  Settled settle() override;

 private:
  bool is_answer_held();

  ProgramSpec spec_;
  base::Environment environment_;
  std::string directory_;
  Leftovers leftovers_;
  proc::Family& family_;
  Warn warn_;
  proc::HeldOutput held_;  ///< the last call's answer, where a leftover may have it open
};

}  // namespace handler
