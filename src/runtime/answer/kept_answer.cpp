// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/kept_answer.h"

#include <utility>

namespace runtime {

void KeptAnswer::keep(const api::Invocation& invocation, Answer answer) {
  kept_.reset();
  auto event = invocation.event.share();
  if (!event) return;
  kept_ = Kept{invocation.request_id, invocation.invocation_id, invocation.deadline, *std::move(event),
               std::move(answer)};
}

bool KeptAnswer::Kept::is_for(const api::Invocation& invocation) const {
  return request_id == invocation.request_id && invocation_id == invocation.invocation_id &&
         deadline == invocation.deadline && event.same_bytes(invocation.event);
}

std::optional<Answer> KeptAnswer::take_for(const api::Invocation& invocation) {
  if (!kept_) return std::nullopt;
  auto kept = *std::exchange(kept_, std::nullopt);
  if (!kept.is_for(invocation)) return std::nullopt;
  return std::move(kept.answer);
}

}  // namespace runtime
