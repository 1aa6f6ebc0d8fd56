// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/runner/runner.h"
#include "handler/template/call_folder.h"
#include "handler/template/template_expansion.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// What a call has beside its event.
struct CallFiles {
  std::string parent;             ///< where the folder of private files goes, from tmpdir_parent
  bool starts_in_folder = false;  ///< the program starts in that folder
  std::string answer;             ///< path of the answer in it; empty: the answer is no file
  std::function<bool(const proc::RunResult&)> has_answer;  ///< whether a run that ended so has one
};

/// Makes another runner's arguments, standard input and private folder of each event, by templates, and takes
/// the answer out of that folder. An event that cannot be used starts nothing.
class TemplateRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  TemplateRunner(std::unique_ptr<Runner> inner, ProgramSpec spec, Input input, CallFiles files, Warn warn);

  /// Of a program that should have left its answer in a file and has not, the ending is NoAnswer; one whose
  /// answer the call does not take is Refused.
  proc::RunResult run(const Call& call) override;

  /// Removes the call's folder; what cannot be removed is a warning.
  Settled settle() override;

 private:
  std::variant<Expanded, ExpansionFault> expand_event(const base::MemoryFile& event);
  proc::RunResult run_expanded(const Call& call, const Expanded& expanded);
  void take_answer(proc::ByteSink& sink, proc::RunResult& result);
  void remove_folder();

  std::unique_ptr<Runner> inner_;
  ProgramSpec spec_;
  Input input_;
  std::vector<JsonPointer> wanted_;
  CallFiles files_;
  CallFolder folder_;
  Warn warn_;
  std::string request_id_;
};

}  // namespace handler
