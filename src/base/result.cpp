// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cstring>

namespace base {

Error errno_error(std::string context, int code) {
  return Error{std::move(context) + ": " + std::strerror(code), code};
}

}  // namespace base
