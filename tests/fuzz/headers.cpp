// SPDX-License-Identifier: Apache-2.0
// The head of an answer to GET next, byte by byte, up to the invocation that it describes.
#include "api/connection/response_head.h"
#include "api/wire/invocation_headers.h"
#include "api/wire/wire.h"
#include "base/io/memory_file.h"
#include "fuzz.h"

#include <algorithm>
#include <cctype>

using fuzzing::require;

namespace {

bool has_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F; });
}

bool is_path_segment(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-._~%").find(c) != std::string_view::npos;
  });
}

void check(const api::Invocation& invocation) {
  require(!invocation.request_id.empty(), "an invocation has a request id");
  require(!has_control(invocation.request_id), "a request id has no control characters");
  require(is_path_segment(api::wire::percent_encode(invocation.request_id)), "an encoded id is one segment");
  require(!invocation.invocation_id || !has_control(*invocation.invocation_id), "what is echoed is a header");
  require(!invocation.deadline || invocation.deadline->count() >= 0, "a deadline is a point in time");
  for (const auto& header : invocation.context) {
    require(!header.value.empty() && !has_control(header.value), "a context value can be a variable");
  }
  static_cast<void>(invocation.is_sampled());
}

// `input` ends with the head.
void check_shown(api::ResponseHead& head, std::string_view input) {
  std::string shown(input.size(), '\0');
  shown.resize(head.show(shown.data(), shown.size()));
  char more = 0;
  require(head.show(&more, 1) == 0, "the library sees the head once");
  input.remove_prefix(input.size() - shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char byte = shown[i];
    require(byte == '?' || byte == input[i], "the library sees the byte or a question mark");
    require(!has_control({&byte, 1}) || byte == '\r' || byte == '\n',
            "the library sees no control character");
  }
}

base::MemoryFile event() {
  return *base::MemoryFile::create("event");
}

}  // namespace

void fuzz(std::string_view input) {
  api::ResponseHead head;
  std::size_t taken = 0;
  while (taken < input.size() && !head.complete())
    if (!head.take(input[taken++])) return require(!head.fault().empty(), "who gives up says why");
  require(head.status() / 100 != 1, "an interim answer is not the answer");
  if (!head.complete()) return;
  require(head.status() != 0, "a head has a status");
  check_shown(head, input.substr(0, taken));
  const auto headers = head.headers();
  for (const auto& header : headers)
    require(header.name.find(':') == std::string::npos, "a name ends at its colon");
  if (const auto invocation = api::invocation_from(headers, event())) check(*invocation);
  head.clear();
  require(!head.complete(), "nothing is left after clear");
}
