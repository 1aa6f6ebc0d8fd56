// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace handler {

/// The descriptor of the child whose bytes are the answer: 1 (standard output), 2 (standard error) or 3 to 9.
struct AnswerChannel {
  int child_fd = 1;
};

}  // namespace handler
