// SPDX-License-Identifier: Apache-2.0
#include "runtime/batch/batch_run.h"

#include "base/log/logger.h"
#include "proc/run/run.h"
#include "runtime/log/call_report.h"
#include "runtime/log/log_stream.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runtime {
namespace {

// As of an invocation: nothing larger can be meant as an error object.
constexpr std::size_t kLargestErrorObject = 64 * 1024;

/// The streams of one record of a batch. Its answer is nobody's: all that it prints goes to the log. The
/// beginning of what would have been its answer is kept, because it may be an error object.
class RecordStreams {
 public:
  /// Everything is borrowed. `answer_fd`: 1, 2, or 3 to 9.
  RecordStreams(int answer_fd, base::Logger& logger, base::LogContext who, base::LogBudget& budget);
  RecordStreams(const RecordStreams&) = delete;
  RecordStreams& operator=(const RecordStreams&) = delete;

  [[nodiscard]] const std::vector<proc::Output>& outputs() const { return outputs_; }

  /// Ends the log's lines; after the run.
  void finish();

  /// Where small enough to be an error object; else empty.
  [[nodiscard]] const std::string& small_answer() const { return answer_.kept; }

 private:
  /// Passes on all bytes and keeps them as long as they are few.
  struct Keeper : proc::ByteSink {
    explicit Keeper(LogStream& stream) : log(stream) {}
    bool take(std::string_view bytes) override;

    LogStream& log;
    std::string kept{};
    bool is_large = false;
  };

  LogStream stdout_log_;
  LogStream stderr_log_;
  LogStream answer_log_;
  Keeper answer_;
  std::vector<proc::Output> outputs_;
};

RecordStreams::RecordStreams(int answer_fd, base::Logger& logger, base::LogContext who,
                             base::LogBudget& budget)
    : stdout_log_(logger, who, &budget),
      stderr_log_(logger, who, &budget),
      answer_log_(logger, who, &budget),
      answer_(answer_log_) {
  outputs_ = {{STDOUT_FILENO, &stdout_log_}, {STDERR_FILENO, &stderr_log_}};
  if (answer_fd == STDOUT_FILENO || answer_fd == STDERR_FILENO)
    outputs_[static_cast<std::size_t>(answer_fd - STDOUT_FILENO)].sink = &answer_;
  else
    outputs_.push_back({answer_fd, &answer_});
}

void RecordStreams::finish() {
  stdout_log_.finish();
  stderr_log_.finish();
  answer_log_.finish();
}

bool RecordStreams::Keeper::take(std::string_view bytes) {
  is_large = is_large || kept.size() + bytes.size() > kLargestErrorObject;
  if (is_large)
    kept.clear();
  else
    kept.append(bytes);
  return log.take(bytes);
}

using api::ErrorType;
using api::FunctionError;

std::chrono::milliseconds time_for(const handler::Call& call) {
  if (call.terminate_at.is_never()) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(call.terminate_at.remaining());
}

std::string name_of(const event::BatchRecord& record) {
  return record.part.empty() ? record.id : record.part + "@" + record.id;
}

base::Result<base::MemoryFile> file_of(std::string_view bytes) {
  auto file = base::MemoryFile::create("record");
  if (!file) return file.error();
  if (auto written = file->append(bytes); !written) return written.error();
  if (auto rewound = file->rewind(); !rewound) return rewound.error();
  return file;
}

// The record in place of the event: what templates look into.
api::Invocation invocation_of(const api::Invocation& whole, base::MemoryFile record) {
  return {.request_id = whole.request_id,
          .invocation_id = whole.invocation_id,
          .deadline = whole.deadline,
          .function_arn = whole.function_arn,
          .trace_id = whole.trace_id,
          .tenant_id = whole.tenant_id,
          .context = whole.context,
          .event = std::move(record)};
}

std::vector<handler::Variable> variables_of(const event::Batch& batch, std::size_t record,
                                            const handler::Call& call) {
  std::vector<handler::Variable> variables(call.variables.begin(), call.variables.end());
  for (auto& variable : event::record_variables(batch, record))
    variables.push_back({std::move(variable.name), std::move(variable.value)});
  return variables;
}

FunctionError error(ErrorType::Known type, std::string message) {
  return {type, std::move(message), {}, std::nullopt};
}

}  // namespace

BatchRun::BatchRun(const event::Batch& batch, const handler::Call& call, const Settings& settings,
                   const std::string& handler, base::Logger& logger)
    : batch_(batch),
      call_(call),
      settings_(settings),
      handler_(handler),
      logger_(logger),
      allotted_(time_for(call)),
      queue_(batch) {}

void BatchRun::work(handler::Runner& runner) {
  base::LogBudget budget;
  while (const auto record = take()) give_back(*record, run_record(*record, runner, budget));
}

// Blocks while only the end of another lane's record can tell what is next.
std::optional<std::size_t> BatchRun::take() {
  std::unique_lock lock(mutex_);
  while (!is_over()) {
    if (const auto record = queue_.next()) return record;
    if (queue_.is_idle()) break;
    ended_.wait(lock);
  }
  return std::nullopt;
}

void BatchRun::give_back(std::size_t record, const Account& account) {
  {
    const std::lock_guard lock(mutex_);
    queue_.finish(record, account.error_type.empty());
    usage_.user_time += account.usage.user_time;
    usage_.system_time += account.usage.system_time;
    usage_.peak_memory_kib = std::max(usage_.peak_memory_kib, account.usage.peak_memory_kib);
    leftovers_ += account.leftovers;
  }
  ended_.notify_all();
}

bool BatchRun::is_over() {
  if (over_.empty() && call_.terminate_at.passed()) over_ = "there was no time left";
  if (over_.empty() && base::is_readable(call_.stop_fd)) over_ = "the environment is shut down";
  return !over_.empty();
}

bool BatchRun::is_urgent() const {
  return call_.terminate_at.passed() || base::is_readable(call_.stop_fd);
}

// Nothing runs on this lane any more where it is urgent.
std::size_t BatchRun::settle(handler::Runner& runner) {
  if (!is_urgent()) return runner.settle().ended;
  const std::lock_guard lock(mutex_);
  unsettled_.insert(&runner);
  return 0;
}

void BatchRun::log_unstarted() {
  const auto count = queue_.never_started();
  if (count == 0) return;
  logger_.warn("RequestId: " + call_.invocation.request_id + " " + std::to_string(count) + " of " +
                   std::to_string(batch_.records.size()) + " records were not started and come again: " +
                   (over_.empty() ? "one before them failed" : over_),
               call_.invocation.request_id);
}

Account BatchRun::run_record(std::size_t record, handler::Runner& runner, base::LogBudget& budget) {
  const auto& whole = call_.invocation;
  Account account{.who = {whole.request_id, whole.tenant_id}, .record = name_of(batch_.records[record])};
  const auto outcome = run_handler(record, runner, budget, account);
  account.leftovers = settle(runner);
  if (const auto* failed = std::get_if<FunctionError>(&outcome)) account.note(*failed);
  report_record(account, logger_);
  return account;
}

Outcome BatchRun::run_handler(std::size_t record, handler::Runner& runner, base::LogBudget& budget,
                              Account& account) {
  auto whole = file_of(batch_.records[record].json);
  const auto body = body_of(record);
  if (!body) return error(ErrorType::Known::invalid_event, "the record's body is " + body.error().message);
  if (!whole) return error(ErrorType::Known::internal, whole.error().message);
  const auto invocation = invocation_of(call_.invocation, *std::move(whole));
  const auto variables = variables_of(batch_, record, call_);

  RecordStreams streams(settings_.answer_fd, logger_, account.who, budget);
  handler::Call call{invocation, call_.terminate_at, call_.kill_at, call_.stop_fd, streams.outputs()};
  call.variables = variables;
  if (!settings_.batch_reads_record) call.body = &*body;
  account.bytes_in = call.input().size();
  const auto run = runner.run(call);
  streams.finish();
  account.note(run);
  return judge_run(run, streams.small_answer());
}

Outcome BatchRun::judge_run(const proc::RunResult& run, const std::string& answer) const {
  Facts facts;
  facts.success = settings_.success;
  facts.handler = handler_;
  facts.allotted = allotted_;
  if (!succeeded(run, facts.success)) facts.answer = answer;
  return judge(run, facts);
}

// Also where the handler reads the record: what cannot be decoded is no record of that source.
base::Result<base::MemoryFile> BatchRun::body_of(std::size_t record) const {
  base::Spool bytes;
  if (auto decoded = event::append_content(bytes, batch_, record); !decoded) return decoded.error();
  return std::move(bytes).into_file();
}

}  // namespace runtime
