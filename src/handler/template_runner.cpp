// SPDX-License-Identifier: Apache-2.0
#include "handler/template_runner.h"

#include "base/memory_view.h"

#include <cstring>
#include <utility>

namespace handler {
namespace {

proc::RunResult not_started(const ExpansionFault& fault) {
  if (const auto* event = std::get_if<EventFault>(&fault))
    return {.ending = proc::NotStarted{event->message}};
  return {.ending = proc::LaunchError{"making a file for it", std::get<base::Error>(fault).code}};
}

}  // namespace

TemplateRunner::TemplateRunner(std::unique_ptr<Runner> inner, ProgramSpec spec, Input input,
                               std::string parent, Warn warn)
    : inner_(std::move(inner)),
      spec_(std::move(spec)),
      input_(std::move(input)),
      wanted_(wanted_pointers(spec_, input_)),
      files_(std::move(parent)),
      warn_(std::move(warn)) {}

proc::RunResult TemplateRunner::run(const Call& call) {
  remove_files();
  request_id_ = call.invocation.request_id;
  const auto expanded = expand_event(call.invocation.event);
  if (const auto* fault = std::get_if<ExpansionFault>(&expanded)) return not_started(*fault);
  const auto& made = std::get<Expanded>(expanded);
  Call inner = call;
  inner.arguments = &made.arguments;
  if (made.input) inner.body = &*made.input;
  return inner_->run(inner);
}

// The event is looked at no longer than here: what is mapped when a child is made counts as the child's.
std::variant<Expanded, ExpansionFault> TemplateRunner::expand_event(const base::MemoryFile& event) {
  const auto view = base::MemoryView::of(event);
  if (!view) return ExpansionFault(view.error());
  return expand(spec_, input_, wanted_, view->bytes(), files_);
}

std::size_t TemplateRunner::settle() {
  const auto ended = inner_->settle();
  remove_files();
  return ended;
}

void TemplateRunner::remove_files() {
  if (const auto remains = files_.remove())
    warn_("a private file of the call cannot be removed: " + std::string(std::strerror(remains->code)),
          request_id_);
}

}  // namespace handler
