// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cli {

// What may be an argument of the AWS CLI. It reads files and addresses in the place of arguments that begin
// with file://, fileb:// or http://, and options in the place of what begins with "-": none of these passes.
// All pure.

bool is_function_name(std::string_view text);  ///< 1 to 64 letters, digits, "-" and "_"
bool is_alias_name(std::string_view text);     ///< the same, up to 128 of them, and not digits alone
bool is_version(std::string_view text);        ///< a number of the service
bool is_region(std::string_view text);
bool is_architecture(std::string_view text);  ///< x86_64 or arm64
bool is_role(std::string_view text);          ///< a name, or an ARN
bool is_arn(std::string_view text);
bool is_handler(std::string_view text);  ///< no blanks, 128 characters at most

}  // namespace cli
