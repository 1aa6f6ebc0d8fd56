// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_runner.h"

#include "base/io/memory_view.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace handler {
namespace {

proc::RunResult not_started(const ExpansionFault& fault) {
  if (const auto* event = std::get_if<EventFault>(&fault))
    return {.ending = proc::NotStarted{event->message}};
  return {.ending = proc::LaunchError{"making a file for it", std::get<base::Error>(fault).code}};
}

constexpr std::size_t kPiece = 64 * 1024;

// No more than was there when the program had ended. False: `sink` takes no more.
base::Result<bool> hand_over(const CallFolder::Answer& answer, proc::ByteSink& sink) {
  std::vector<char> piece(kPiece);
  for (std::size_t at = 0; at < answer.size;) {
    const auto wanted = std::min(piece.size(), answer.size - at);
    const auto count = ::pread(answer.fd.get(), piece.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::errno_error("cannot be read", errno);
    if (count == 0) break;
    if (!sink.take({piece.data(), static_cast<std::size_t>(count)})) return false;
    at += static_cast<std::size_t>(count);
  }
  return true;
}

proc::ExitState state_of(const proc::RunResult& result) {
  return std::get<proc::Exited>(result.ending).state;
}

}  // namespace

TemplateRunner::TemplateRunner(std::unique_ptr<Runner> inner, ProgramSpec spec, Input input, CallFiles files,
                               Warn warn)
    : inner_(std::move(inner)),
      spec_(std::move(spec)),
      input_(std::move(input)),
      wanted_(wanted_pointers(spec_, input_)),
      files_(std::move(files)),
      folder_(files_.parent),
      warn_(std::move(warn)) {}

proc::RunResult TemplateRunner::run(const Call& call) {
  remove_folder();
  request_id_ = call.invocation.request_id;
  const auto expanded = expand_event(call.invocation.event);
  if (const auto* fault = std::get_if<ExpansionFault>(&expanded)) return not_started(*fault);
  return run_expanded(call, std::get<Expanded>(expanded));
}

proc::RunResult TemplateRunner::run_expanded(const Call& call, const Expanded& expanded) {
  Call inner = call;
  inner.arguments = &expanded.arguments;
  if (expanded.input) inner.body = &*expanded.input;
  std::string directory;
  if (files_.starts_in_folder) {
    auto made = folder_.path();
    if (!made) return not_started(made.error());
    directory = *std::move(made);
    inner.directory = &directory;
  }
  auto result = inner_->run(inner);
  if (call.answer != nullptr && files_.has_answer(result)) take_answer(*call.answer, result);
  return result;
}

void TemplateRunner::take_answer(proc::ByteSink& sink, proc::RunResult& result) {
  const auto opened = folder_.open_answer(files_.answer);
  if (const auto* none = std::get_if<CallFolder::NoAnswer>(&opened)) {
    result.ending = proc::NoAnswer{state_of(result), files_.answer + " " + none->why};
    return;
  }
  const auto handed = hand_over(std::get<CallFolder::Answer>(opened), sink);
  if (!handed)
    result.ending = proc::NoAnswer{state_of(result), files_.answer + " " + handed.error().message};
  else if (!*handed)
    result.ending = proc::Refused{-1};
}

// The event is looked at no longer than here: what is mapped when a child is made counts as the child's.
std::variant<Expanded, ExpansionFault> TemplateRunner::expand_event(const base::MemoryFile& event) {
  const auto view = base::MemoryView::of(event);
  if (!view) return ExpansionFault(view.error());
  return expand(spec_, input_, wanted_, view->bytes(), folder_);
}

Settled TemplateRunner::settle() {
  auto settled = inner_->settle();
  remove_folder();
  return settled;
}

void TemplateRunner::remove_folder() {
  if (const auto remains = folder_.remove())
    warn_("a private file of the call cannot be removed: " + std::string(std::strerror(remains->code)),
          request_id_);
}

}  // namespace handler
