// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "handler/spec/json_pointer.h"

#include <optional>
#include <string>
#include <vector>

namespace cli {

/// One case of `shellstrap test`: a folder of tests/, read.
struct TestCase {
  std::string name;    ///< of the folder
  std::string folder;  ///< its path
  std::string event = "{}";
  std::optional<std::string> expected;  ///< nullopt: there is no such file yet
  bool expects_error = false;
  std::vector<std::string> log_parts;       ///< each must be somewhere in the log of the call
  std::vector<handler::JsonPointer> masks;  ///< values that are not compared: of tests/mask and of its own
  std::string fault;                        ///< why it cannot be run, a sentence; empty: it can
};

/// The cases in the folder `tests` whose names match `glob` (fnmatch; empty: all), by name. Folders whose
/// names begin with a dot or an underscore are none. A case that cannot be read has a fault; an error is a
/// sentence for the user: no such folder, no case, a mask for all that is none. Reads the disk, and waits for
/// no pipe.
base::Result<std::vector<TestCase>> load_cases(const std::string& tests, const std::string& glob);

/// Puts `text` in the place of the case's `expected`, all of it or nothing.
base::Status write_expected(const TestCase& test, const std::string& text);

}  // namespace cli
