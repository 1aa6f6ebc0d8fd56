// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace handler {

/// What becomes of processes that an invocation leaves running.
enum class Leftovers {
  end,   ///< killed once the answer is out, wherever they went
  keep,  ///< left alone, for those who keep a daemon warm on purpose
};

}  // namespace handler
