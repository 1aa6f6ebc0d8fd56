// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/runner.h"
#include "handler/template_expansion.h"
#include "handler/value_file.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// Makes another runner's arguments and standard input of each event, by templates. An event that cannot be
/// used starts nothing.
class TemplateRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  /// `parent`: where the folder of private files goes, from tmpdir_parent.
  TemplateRunner(std::unique_ptr<Runner> inner, ProgramSpec spec, Input input, std::string parent, Warn warn);

  proc::RunResult run(const Call& call) override;

  /// Removes the call's private files; what cannot be removed is a warning.
  std::size_t settle() override;

 private:
  std::variant<Expanded, ExpansionFault> expand_event(const base::MemoryFile& event);
  void remove_files();

  std::unique_ptr<Runner> inner_;
  ProgramSpec spec_;
  Input input_;
  std::vector<JsonPointer> wanted_;
  ValueFiles files_;
  Warn warn_;
  std::string request_id_;
};

}  // namespace handler
