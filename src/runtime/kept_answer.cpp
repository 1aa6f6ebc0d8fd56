// SPDX-License-Identifier: Apache-2.0
#include "runtime/kept_answer.h"

#include <utility>

namespace runtime {

void KeptAnswer::keep(const api::Invocation& invocation, Answer answer) {
  kept_ = Kept{invocation.request_id, invocation.invocation_id, invocation.deadline, std::move(answer)};
}

std::optional<Answer> KeptAnswer::take_for(const api::Invocation& invocation) {
  if (!kept_) return std::nullopt;
  auto kept = *std::exchange(kept_, std::nullopt);
  const bool is_same = kept.request_id == invocation.request_id &&
                       kept.invocation_id == invocation.invocation_id && kept.deadline == invocation.deadline;
  if (!is_same) return std::nullopt;
  return std::move(kept.answer);
}

}  // namespace runtime
