// SPDX-License-Identifier: Apache-2.0
#include "verdict.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>

namespace soak {
namespace {

constexpr int kSignalBase = 128;
constexpr std::size_t kMostOfAnAnswer = 200;
constexpr std::size_t kMostComplaints = 20;

int status_in(std::string_view error_type) {
  constexpr std::string_view kExit = "Function.Exit";
  int status = 0;
  if (error_type.starts_with(kExit))
    std::from_chars(error_type.data() + kExit.size(), error_type.data() + error_type.size(), status);
  return status;
}

bool is_by_signal(std::string_view error_type) {
  return error_type.starts_with("Function.Signal") || status_in(error_type) > kSignalBase ||
         error_type == "Runtime.InternalError";
}

bool is_excused(const Event& event, std::string_view error_type, bool is_disturbed) {
  if (error_type == "Function.Timeout") return event.plan.may_time_out;
  return is_disturbed && is_by_signal(error_type);
}

void complain(const Event& event, const char* what, std::string_view body) {
  std::fprintf(stderr, "soak: event %zu (%c): %s: %.*s\n", event.number, static_cast<char>(event.plan.action),
               what, static_cast<int>(std::min(body.size(), kMostOfAnAnswer)), body.data());
}

void note_wrong(const Event& event, const char* what, std::string_view body, Ledger& ledger) {
  if (++ledger.wrong <= kMostComplaints) complain(event, what, body);
}

void note_unfounded(const Event& event, std::string_view answer, Ledger& ledger) {
  ++ledger.unfounded;
  complain(event, "a success without its run", answer);
}

// "EVENT PID"
pid_t pid_in(const Event& event, std::string_view body) {
  pid_t pid = 0;
  if (body.size() > event.body.size() + 1)
    std::from_chars(body.data() + event.body.size() + 1, body.data() + body.size(), pid);
  return pid;
}

void judge_success(const Event& event, const wire::Request& request, std::string_view body, const Runs& runs,
                   Ledger& ledger) {
  const pid_t done_by = runs.done_by(std::to_string(event.number));
  const bool names_it = event.plan.action != Action::ignore_event;
  const bool has_run = done_by > 0 && (!names_it || done_by == pid_in(event, body));
  if (!has_run) return note_unfounded(event, body, ledger);
  if (wire::answers(event.plan.action, event.body, request, body)) return;
  note_wrong(event, "a wrong answer", body, ledger);
}

// What a record did not do, or did while it was ended, is in the answer; what is not in it has been done.
void judge_batch(const Event& event, std::string_view body, bool is_disturbed, const Runs& runs,
                 Ledger& ledger) {
  const auto ids = ids_of(event);
  bool is_cut = false;
  bool hides_failure = false;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto action = event.plan.records[i];
    const bool must_fail = action == Action::fail || action == Action::kill_itself;
    const bool has_failed = body.find('"' + ids[i] + '"') != std::string_view::npos;
    if (!has_failed && runs.done_by(ids[i]) == 0) note_unfounded(event, ids[i], ledger);
    hides_failure |= must_fail && !has_failed;
    is_cut |= !must_fail && has_failed;
  }
  if (is_cut) ++ledger.cut;
  if (hides_failure || (is_cut && !is_disturbed && !event.plan.is_short))
    note_wrong(event, "a wrong batch", body, ledger);
}

}  // namespace

void judge(const Event& event, const wire::Request& request, std::string_view body, bool is_disturbed,
           Runs& runs, Ledger& ledger) {
  runs.read();
  ledger.records += event.plan.records.size();
  if (request.error_type == "Function.Timeout") ++ledger.overdue;
  if (!request.is_error && event.is_batch()) return judge_batch(event, body, is_disturbed, runs, ledger);
  if (!request.is_error) return judge_success(event, request, body, runs, ledger);
  if (!event.is_batch() && wire::answers(event.plan.action, event.body, request, body)) return;
  if (is_excused(event, request.error_type, is_disturbed)) return;
  note_wrong(event, "a wrong error", request.error_type + " " + std::string(body), ledger);
}

}  // namespace soak
