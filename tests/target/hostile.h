// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// Sub-commands of the target that attack whoever started it. The machine is safe from them: all that multiply
// are few, belong to nobody else and end by themselves.
int spy(const std::vector<std::string>& arguments);
int fork_bomb(const std::vector<std::string>& arguments);
int lose_head(const std::vector<std::string>& arguments);
int eat_memory(const std::vector<std::string>& arguments);
