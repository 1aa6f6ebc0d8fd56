// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/runner/runner.h"
#include "handler/spec/spec.h"

#include <functional>
#include <memory>
#include <variant>

namespace runtime {

/// Runners that work side by side, each on a thread of its own: the first on that of the caller, the others
/// on threads that live as long as the process, because children die with the thread that started them.
class Lanes {
 public:
  using Made = std::variant<std::unique_ptr<handler::Runner>, handler::InitProblem>;
  using Make = std::function<Made()>;

  /// Makes `count` runners, each on its thread; blocks until all of them are there or one cannot be made.
  /// What `make` borrows outlives the process's last call.
  static std::variant<Lanes, handler::InitProblem> create(int count, const Make& make);

  Lanes(Lanes&&) = default;

  /// Runs `task` once on each lane; blocks until all have returned. On the thread of create() only.
  void run(const std::function<void(handler::Runner&)>& task);

 private:
  struct Shared;
  Lanes(std::shared_ptr<Shared> shared, std::unique_ptr<handler::Runner> own)
      : shared_(std::move(shared)), own_(std::move(own)) {}
  static void serve(const std::shared_ptr<Shared>& shared, const Make& make);

  std::shared_ptr<Shared> shared_;  // with the threads
  std::unique_ptr<handler::Runner> own_;
};

}  // namespace runtime
