// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/temporary_folder.h"
#include "handler/runner/runner.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// Where the folders of invocations go: the TMPDIR of the function if it is absolute, else /tmp.
std::string tmpdir_parent(const base::Environment& environment);

/// Gives each invocation of another runner a fresh folder as its TMPDIR, and removes it, whatever is in it,
/// once what the invocation has left running is ended.
class TmpdirRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  /// `parent`: from tmpdir_parent.
  TmpdirRunner(std::unique_ptr<Runner> inner, std::string parent, Warn warn);

  /// A folder that cannot be made is a failed start: the handler relies on having one.
  proc::RunResult run(const Call& call) override;

  /// Blocks as long as the removal takes; what cannot be removed is a warning.
  Settled settle() override;

  std::optional<InitProblem> run_hook(const WarmHook& hook) override { return inner_->run_hook(hook); }

 private:
  void remove_folder();

  std::unique_ptr<Runner> inner_;
  std::string parent_;
  Warn warn_;
  std::optional<base::TemporaryFolder> folder_;
  std::string request_id_;
};

}  // namespace handler
