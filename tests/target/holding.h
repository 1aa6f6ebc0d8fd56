// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// Sub-commands of the target that keep processes from ending, or from being what they are to become.
int trace(const std::vector<std::string>& arguments);
int hold_exec(const std::vector<std::string>& arguments);
int continue_each_other(const std::vector<std::string>& arguments);
