// SPDX-License-Identifier: Apache-2.0
#include "api/wire/error_type.h"

#include <algorithm>

namespace api {
namespace {

constexpr std::string_view kRuntime = "Runtime.";
constexpr std::string_view kFunction = "Function.";

// A header line that nobody has to crop; real names of errors are far shorter.
constexpr std::size_t kLongestName = 200;

std::string_view known_text(ErrorType::Known known) {
  using Known = ErrorType::Known;
  switch (known) {
    case Known::exec_failed:
      return "Runtime.ExecFailed";
    case Known::handler_not_found:
      return "Runtime.HandlerNotFound";
    case Known::invalid_handler:
      return "Runtime.InvalidHandler";
    case Known::user_code_syntax_error:
      return "Runtime.UserCodeSyntaxError";
    case Known::init_error:
      return "Runtime.InitError";
    case Known::before_snapshot:
      return "Runtime.BeforeSnapshotError";
    case Known::after_restore:
      return "Runtime.AfterRestoreError";
    case Known::invalid_event:
      return "Function.InvalidEvent";
    case Known::invalid_response:
      return "Function.InvalidResponse";
    case Known::timeout:
      return "Function.Timeout";
    case Known::response_size_too_large:
      return "Function.ResponseSizeTooLarge";
    case Known::shutdown:
      return "Runtime.Shutdown";
    case Known::internal:
      break;
  }
  return "Runtime.InternalError";
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_capital(c) || (c >= 'a' && c <= 'z');
}

// A capital and a letter stand behind some "CATEGORY." in `text`.
bool has_reason(std::string_view text, std::string_view category) {
  for (auto at = text.find(category); at != std::string_view::npos; at = text.find(category, at + 1)) {
    const auto reason = text.substr(at + category.size());
    if (reason.size() >= 2 && is_capital(reason[0]) && is_letter(reason[1])) return true;
  }
  return false;
}

// Only printable ASCII without blanks goes into a header.
bool fits_header(std::string_view text) {
  return text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string letters_of(std::string_view text) {
  for (const auto category : {kRuntime, kFunction}) {
    if (text.starts_with(category)) text.remove_prefix(category.size());
  }
  std::string letters;
  std::copy_if(text.begin(), text.end(), std::back_inserter(letters), is_letter);
  return letters.substr(0, kLongestName);
}

}  // namespace

ErrorType::ErrorType(Known known) : text_(known_text(known)) {}

ErrorType ErrorType::exited(int status) {
  return ErrorType("Function.Exit" + std::to_string(status));
}

ErrorType ErrorType::signaled(std::string_view signal_name) {
  return ErrorType("Function.Signal" + std::string(signal_name));
}

ErrorType ErrorType::named(std::string_view by_handler, const ErrorType& fallback) {
  if (is_kept(by_handler) && fits_header(by_handler)) return ErrorType(std::string(by_handler));
  std::string letters = letters_of(by_handler);
  if (letters.size() < 2) return fallback;
  if (!is_capital(letters[0])) letters[0] = static_cast<char>(letters[0] - 'a' + 'A');
  return ErrorType(std::string(kFunction) + letters);
}

bool ErrorType::is_kept(std::string_view text) {
  return has_reason(text, kRuntime) || has_reason(text, kFunction);
}

}  // namespace api
