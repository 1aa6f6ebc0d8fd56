// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

// The contestants as they stand in the table, the JSON file and the plot.
inline constexpr const char* kFloor = "floor";
inline constexpr const char* kCurlLoop = "curl loop";
inline constexpr const char* kExecutable = "executable";
inline constexpr const char* kScript = "script";
inline constexpr const char* kFunction = "function";
inline constexpr const char* kManyFunctions = "5,000 functions";
inline constexpr const char* kSixteen = "16 warm shells";

// What makes a bootstrap serve sixteen calls at a time.
inline constexpr const char* kAtOnce = "AWS_LAMBDA_MAX_CONCURRENCY=16";

}  // namespace bench
