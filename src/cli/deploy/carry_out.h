// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/aws/aws.h"
#include "cli/aws/private_folder.h"
#include "cli/deploy/present.h"
#include "cli/deploy/step.h"
#include "cli/deploy/wanted.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cli {

/// Carries out steps, one after the other, and stops at the first that fails. On one thread.
class Executor {
 public:
  /// Borrows everything. `say`: told of each command before it runs, as a line for people. `present`: what
  /// the steps were planned from.
  Executor(Aws& aws, const Wanted& wanted, const Present& present, const PrivateFolder& folder,
           std::function<void(const std::string& line)> say);

  /// An error is a sentence. Blocks until the service has done the step.
  base::Status carry_out(const Step& step);

  /// What a step has learned; empty: none did.
  [[nodiscard]] std::string learned(const std::string& word) const;

 private:
  /// Retries while a role is young.
  AwsAnswer call(const Step& step, const std::vector<std::string>& words);
  base::Status learn(const Step& step, const std::string& answer);
  base::Status look_behind(Step::Behind behind);
  base::Status see_through(const std::string& version);
  base::Status see_alias();
  [[nodiscard]] std::vector<std::string> filled(const std::vector<std::string>& words) const;

  Aws& aws_;
  const Wanted& wanted_;
  const PrivateFolder& folder_;
  std::function<void(const std::string& line)> say_;
  std::map<std::string, std::string> learned_;
};

/// The document that the AWS CLI takes as an environment. JSON; pure.
std::string environment_document(const std::map<std::string, std::string>& environment);

}  // namespace cli
