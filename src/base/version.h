// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace base {

/// The version of this build, as "1.2.3". Its one source is project(VERSION) in the top CMakeLists.txt.
std::string_view version();

}  // namespace base
