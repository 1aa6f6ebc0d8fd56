// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "event/cgi/cgi_request.h"
#include "event/http/http.h"
#include "handler/runner/child_environment.h"
#include "runtime/answer/answer.h"

#include <string>
#include <variant>
#include <vector>

namespace runtime {

/// An HTTP request as a CGI program gets it, and what its answer has to know of it.
struct CgiTask {
  event::HttpSource source;
  std::string method;
  std::vector<handler::Variable> variables;  ///< RFC 3875, section 4.1
  base::MemoryFile body;                     ///< standard input, at its start
};

/// The event is no HTTP request: the program gets it as it is.
struct PlainEvent {};

/// What is posted, and why it is not what was expected: a cause for the log, empty where all is well.
struct CgiAnswer {
  Answer answer;
  std::string cause;
};

/// From an event to a request; an answer is what needs no program. Pure but for memory files.
std::variant<PlainEvent, CgiTask, CgiAnswer> begin_cgi(const base::MemoryFile& event,
                                                       const event::CgiOptions& options);

/// From the output of a program that has succeeded to the envelope of its answer; of an output that is none
/// to a 502. `untyped`: see event::CgiHeaderParser.
CgiAnswer finish_cgi(const CgiTask& task, const base::Spool& output, const std::string& untyped);

/// The envelope of an answer of our own: the status in words, as text.
Answer own_response(int status, event::HttpSource source);

}  // namespace runtime
