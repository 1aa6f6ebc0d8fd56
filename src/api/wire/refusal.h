// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace api {

/// One line for the log about an answer of the Runtime API that is not what was hoped for: "403
/// InvalidStateTransition: message" from its JSON body, else the start of whatever the body was. Pure.
std::string refusal_in_words(int status, std::string_view body);

}  // namespace api
