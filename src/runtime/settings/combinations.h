// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/settings/settings.h"

namespace runtime {

/// Whether SHELLSTRAP_RESPONSE, _RESPONSE_FORMAT, _INVOKE_MODE and what belongs to them make sense together;
/// the error is a sentence that names them. The table:
///
///   format   buffered   stream                                       answer from
///   raw      yes        yes                                          stdout, fd:N; stderr where buffered
///   json     yes        no: it is checked when all of it is there
///   text     yes        no: raw with SHELLSTRAP_CONTENT_TYPE does it
///   base64   yes        no: raw with SHELLSTRAP_CONTENT_TYPE does it
///   cgi      yes        yes
///   result   yes        no: how a program ends is known at its end   stdout
///
/// An answer that is a file (file:NAME, {@>NAME}) is complete at the program's end: it is never streamed.
///
/// The answer to a batch is ours, and what a record reads is SHELLSTRAP_BATCH_STDIN's: SHELLSTRAP_BATCH goes
/// with `raw`, buffered, and with any of the descriptors, where a record's error is taken from.
///
/// Pure.
base::Status check_combination(const Settings& settings);

/// Whether an answer that is a file goes with the other settings; `file`: what makes it one, for the
/// sentence. Pure.
base::Status check_answer_file(const Settings& settings, const std::string& file);

/// Fills content_type and body_type where the user has left them open, but for the body of a CGI program, of
/// which the gateway decides then. Of an envelope the first is always JSON. Pure.
void complete_content_types(Settings& settings);

}  // namespace runtime
