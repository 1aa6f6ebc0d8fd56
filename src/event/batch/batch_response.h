// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/batch/batch.h"

#include <string>
#include <vector>

namespace event {

/// The answer to a batch: {"batchItemFailures": […]}. `done`: of each record, whether it has succeeded; all
/// others are reported. Of a queue these are all of them. Of a shard, a stream or a partition it is the
/// lowest number alone, because the service goes on from there. Pure.
std::string batch_response(const Batch& batch, const std::vector<bool>& done);

/// Whether the decimal `a` is smaller than `b`; digits only, as many as you like.
bool smaller_decimal(std::string_view a, std::string_view b);

}  // namespace event
