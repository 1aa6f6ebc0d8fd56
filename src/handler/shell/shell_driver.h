// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace handler {

/// The text of shell_driver.bash.
std::string_view shell_driver();

/// The text of layer/shellstrap/functions.sh, which stands before it: a file that is sourced may define the
/// same names anew.
std::string_view shell_functions();

}  // namespace handler
