// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "proc/run/run.h"
#include "runtime/answer/answer.h"

namespace runtime {

/// The answer in the format `result`: how a program that ended by itself did so, and what it printed, as one
/// JSON object. What is not UTF-8 is base64 and says so. docs/templates.md has its keys. Pure but for memory
/// files.
Answer result_answer(const proc::RunResult& run, const base::Spool& output, const base::Spool& errors);

}  // namespace runtime
