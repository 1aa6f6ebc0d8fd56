// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// refuse NUMBER[:ARGUMENT] ERRNO PROGRAM ARGUMENTS...: becomes the program, by its path, for which (and for
// all that it starts) the kernel answers that system call with that error, whatever its arguments, or only
// where the second of them is ARGUMENT.
int refuse(const std::vector<std::string>& arguments);
