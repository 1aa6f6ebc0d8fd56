// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/answer_buffer.h"

namespace runtime {

bool AnswerBuffer::take(std::string_view bytes) {
  written_ += bytes.size();
  return written_ <= limit_ && bytes_.append(bytes).ok();
}

}  // namespace runtime
