// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_runner.h"

#include "api/wire/trace_header.h"
#include "runtime/call/outcome.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

namespace runtime {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// From the kernel each time: copies of one snapshot must not go on with the same numbers.
std::string new_id() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) number = 1;
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
  return digits.data();
}

microseconds unix_time() {
  return std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
}

milliseconds time_for(const handler::Call& call) {
  if (call.terminate_at.is_never()) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(call.terminate_at.remaining());
}

// What docs/batch.md calls it; empty: the call is not of one record.
std::string record_of(const handler::Call& call) {
  for (const auto& variable : call.variables)
    if (variable.name == "RECORD_ID") return variable.value;
  return "";
}

}  // namespace

XrayRunner::XrayRunner(std::unique_ptr<handler::Runner> inner, const Settings& settings,
                       const std::string& handler, const std::string& directory, XrayDaemon& daemon)
    : inner_(std::move(inner)),
      settings_(settings),
      handler_(handler),
      directory_(directory),
      daemon_(daemon) {}

proc::RunResult XrayRunner::run(const handler::Call& call) {
  send();
  const auto trace = api::TraceHeader::of_sampled(call.invocation.trace_id);
  return trace ? run_traced(call, *trace) : inner_->run(call);
}

proc::RunResult XrayRunner::run_traced(const handler::Call& call, const api::TraceHeader& trace) {
  const auto id = new_id();
  std::vector<handler::Variable> variables(call.variables.begin(), call.variables.end());
  variables.push_back({"_X_AMZN_TRACE_ID", api::with_parent(call.invocation.trace_id, id)});
  handler::Call inner = call;
  inner.variables = variables;

  const auto allotted = time_for(call);
  const auto start = unix_time();
  auto run = inner_->run(inner);
  unsent_ = XraySubsegment{.id = id,
                           .trace = trace,
                           .name = handler_,
                           .directory = directory_,
                           .request_id = call.invocation.request_id,
                           .record = record_of(call),
                           .start = start,
                           .run = run,
                           .fault = fault_of(run, allotted)};
  return run;
}

handler::Settled XrayRunner::settle() {
  send();
  return inner_->settle();
}

void XrayRunner::send() {
  if (!unsent_) return;
  daemon_.send(unsent_->datagram());
  unsent_.reset();
}

// Neither what the child wrote as its answer nor its standard error: both may be payload.
std::optional<XrayFault> XrayRunner::fault_of(const proc::RunResult& run, milliseconds allotted) const {
  if (std::holds_alternative<proc::Refused>(run.ending))
    return XrayFault{new_id(), "",
                     handler_ + " was ended because its answer became too large, or was not taken any more"};
  Facts facts;
  facts.success = settings_.success;
  facts.every_end = settings_.response_format == ResponseFormat::result;
  facts.handler = handler_;
  facts.allotted = allotted;
  const auto outcome = judge(run, facts);
  const auto* error = std::get_if<api::FunctionError>(&outcome);
  if (error == nullptr) return std::nullopt;
  return XrayFault{new_id(), error->type.text(), error->message};
}

}  // namespace runtime
