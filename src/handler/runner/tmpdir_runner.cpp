// SPDX-License-Identifier: Apache-2.0
#include "handler/runner/tmpdir_runner.h"

#include <cstring>
#include <utility>

namespace handler {
namespace {

// A name that a handler chose must not end a line of the log, nor look like another.
std::string on_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text;
}

std::string sentence_about(const base::TemporaryFolder::Remains& remains) {
  std::string sentence = on_one_line(remains.first) + " cannot be removed: " + std::strerror(remains.code);
  if (remains.count > 1) sentence += "; nor can " + std::to_string(remains.count - 1) + " more beside it";
  return sentence;
}

}  // namespace

std::string tmpdir_parent(const base::Environment& environment) {
  auto parent = environment.get_or("TMPDIR", "");
  return parent.starts_with('/') ? parent : "/tmp";
}

TmpdirRunner::TmpdirRunner(std::unique_ptr<Runner> inner, std::string parent, Warn warn)
    : inner_(std::move(inner)), parent_(std::move(parent)), warn_(std::move(warn)) {}

proc::RunResult TmpdirRunner::run(const Call& call) {
  remove_folder();
  auto folder = base::TemporaryFolder::create(parent_);
  if (!folder) return {.ending = proc::LaunchError{"mkdtemp", folder.error().code}};
  folder_.emplace(*std::move(folder));
  request_id_ = call.invocation.request_id;

  std::vector<Variable> variables(call.variables.begin(), call.variables.end());
  variables.push_back({"TMPDIR", folder_->path()});
  Call inner = call;
  inner.variables = variables;
  return inner_->run(inner);
}

Settled TmpdirRunner::settle() {
  auto settled = inner_->settle();
  remove_folder();
  return settled;
}

void TmpdirRunner::remove_folder() {
  if (!folder_) return;
  const auto remains = folder_->remove();
  folder_.reset();
  if (remains.count > 0) warn_(sentence_about(remains), request_id_);
}

}  // namespace handler
