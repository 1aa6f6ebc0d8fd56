// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace support {

// Where the build put the programs under test, and the top of the source tree: absolute, without trailing
// slash. One source file knows them, so that the objects of all tests are the same whatever the folder of the
// tree, and a compiler cache can share them. SHELLSTRAP_TEST_BOOTSTRAP names another bootstrap than the
// build's: one of another machine behind an emulator, say.
const std::string& target_program();
const std::string& bootstrap_program();
const std::string& cli_program();
const std::string& word_count_program();
const std::string& source_dir();

}  // namespace support
