// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace support {

// Where the build put the programs under test, and the top of the source tree: absolute, without trailing
// slash. One source file knows them, so that the objects of all tests are the same whatever the folder of the
// tree, and a compiler cache can share them. TESTED_PROGRAMS names the folder of another build whose
// bootstrap, shellstrap and word-count are tested in place of this one's; SHELLSTRAP_TEST_BOOTSTRAP and
// SHELLSTRAP_TEST_TARGET name a bootstrap of another machine behind qemu-user, and a target that it takes for
// one of its own (scripts/rings.sh).
const std::string& target_program();
const std::string& bootstrap_program();
const std::string& cli_program();
const std::string& word_count_program();
const std::string& source_dir();

// Emulators have limits that machines have not: a test that meets one says which.
bool bootstrap_is_emulated();

// Neither has a program that a sanitizer is in: it takes more memory and addresses.
bool bootstrap_is_sanitized();

}  // namespace support
