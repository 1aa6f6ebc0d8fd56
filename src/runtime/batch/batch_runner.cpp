// SPDX-License-Identifier: Apache-2.0
#include "runtime/batch/batch_runner.h"

#include "base/io/memory_view.h"
#include "base/text/text.h"
#include "event/batch/batch_response.h"
#include "handler/template/json_scan.h"
#include "runtime/batch/batch_run.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace runtime {
namespace {

class Nothing : public handler::JsonVisitor {
 public:
  void begin(std::size_t) override {}
  void end(std::size_t) override {}
};

std::variant<event::Batch, event::NoBatch> read_batch(std::string_view json, event::BatchSource source) {
  Nothing nothing;
  if (const auto fault = handler::scan_json(json, nothing))
    return event::NoBatch{"it is not JSON: " + base::place_in(json, fault->offset) + ": expected " +
                          fault->expected};
  return event::parse_batch(json, source);
}

// Among those that succeed.
int any_success(const std::bitset<256>& statuses) {
  for (std::size_t status = 0; status < statuses.size(); ++status)
    if (statuses.test(status)) return static_cast<int>(status);
  return 0;
}

}  // namespace

struct Lanes::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  int others = 0;   // lanes on threads of their own
  int arrived = 0;  // of them: those that have a runner, or cannot have one
  std::optional<handler::InitProblem> problem;
  const std::function<void(handler::Runner&)>* task = nullptr;
  unsigned round = 0;  // of tasks
  int busy = 0;        // lanes that have not returned from the round's
};

std::variant<Lanes, handler::InitProblem> Lanes::create(int count, const Make& make) {
  auto shared = std::make_shared<Shared>();
  shared->others = count - 1;
  for (int i = 1; i < count; ++i) std::thread([shared, make] { serve(shared, make); }).detach();
  auto made = make();
  if (auto* problem = std::get_if<handler::InitProblem>(&made)) return std::move(*problem);
  std::unique_lock lock(shared->mutex);
  shared->changed.wait(lock, [&] { return shared->problem || shared->arrived == shared->others; });
  if (shared->problem) return *shared->problem;
  lock.unlock();
  return Lanes(std::move(shared), std::get<std::unique_ptr<handler::Runner>>(std::move(made)));
}

void Lanes::run(const std::function<void(handler::Runner&)>& task) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->task = &task;
    shared_->busy = shared_->others;
    ++shared_->round;
  }
  shared_->changed.notify_all();
  task(*own_);
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->busy == 0; });
}

// Never returns: its children would end.
void Lanes::serve(const std::shared_ptr<Shared>& shared, const Make& make) {
  auto made = make();
  auto* runner = std::get_if<std::unique_ptr<handler::Runner>>(&made);
  std::unique_lock lock(shared->mutex);
  if (runner == nullptr) shared->problem = std::get<handler::InitProblem>(made);
  ++shared->arrived;
  shared->changed.notify_all();
  while (runner == nullptr) shared->changed.wait(lock);
  for (unsigned seen = 0;;) {
    shared->changed.wait(lock, [&] { return shared->round != seen; });
    seen = shared->round;
    const auto& task = *shared->task;
    lock.unlock();
    task(**runner);
    lock.lock();
    --shared->busy;
    shared->changed.notify_all();
  }
}

proc::RunResult BatchRunner::run(const handler::Call& call) {
  const auto view = base::MemoryView::of(call.invocation.event);
  if (!view) return {.ending = proc::Lost{"the event cannot be read: " + view.error().message}};
  const auto parsed = read_batch(view->bytes(), *settings_.batch);
  if (const auto* none = std::get_if<event::NoBatch>(&parsed))
    return {.ending = proc::NotStarted{"the event is no batch that " + handler_ +
                                       " could be given the records of: " + none->cause}};
  return run_batch(std::get<event::Batch>(parsed), call);
}

proc::RunResult BatchRunner::run_batch(const event::Batch& batch, const handler::Call& call) {
  const auto begun = base::SteadyClock::now();
  BatchRun run(batch, call, settings_, handler_, logger_);
  lanes_.run([&](handler::Runner& runner) { run.work(runner); });
  run.log_unstarted();
  leftovers_ += run.leftovers();
  unsettled_ = run.unsettled();
  return {.ending = answer(call, event::batch_response(batch, run.done())),
          .elapsed = std::chrono::duration_cast<std::chrono::microseconds>(base::SteadyClock::now() - begun),
          .usage = run.usage()};
}

proc::Ending BatchRunner::answer(const handler::Call& call, const std::string& response) const {
  for (const auto& output : call.outputs) {
    if (output.child_fd != settings_.answer_fd) continue;
    if (output.sink->take(response))
      return proc::Exited{proc::ExitState::exited(any_success(settings_.success))};
  }
  return proc::Refused{settings_.answer_fd};
}

handler::Settled BatchRunner::settle() {
  std::atomic<std::size_t> late = 0;
  if (!unsettled_.empty())
    lanes_.run([&](handler::Runner& runner) {
      if (unsettled_.contains(&runner)) late += runner.settle().ended;
    });
  unsettled_.clear();
  return {std::exchange(leftovers_, 0) + late};
}

std::optional<handler::InitProblem> BatchRunner::run_hook(const handler::WarmHook& hook) {
  std::mutex mutex;
  std::optional<handler::InitProblem> first;
  lanes_.run([&](handler::Runner& runner) {
    auto problem = runner.run_hook(hook);
    const std::lock_guard lock(mutex);
    if (problem && !first) first = std::move(problem);
  });
  return first;
}

}  // namespace runtime
