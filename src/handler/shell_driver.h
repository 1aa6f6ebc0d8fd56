// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace handler {

/// The text of shell_driver.bash.
std::string_view shell_driver();

}  // namespace handler
