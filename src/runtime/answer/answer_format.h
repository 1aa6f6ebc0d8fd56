// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/answer/answer.h"
#include "runtime/settings/settings.h"

#include <cstddef>
#include <string>

namespace runtime {

/// The output of a handler that has succeeded as it is sent in the formats `raw`, `json`, `text` and
/// `base64`; others are like `raw` here. Function.InvalidResponse, with the place, where it is none.
/// `handler`: its name, for messages. Pure but for memory files.
Answer format_answer(const Settings& settings, const std::string& handler, base::Spool output);

/// The error for an answer that is too large only once it is wrapped.
api::FunctionError too_large_as_sent(const std::string& handler, std::size_t size);

}  // namespace runtime
