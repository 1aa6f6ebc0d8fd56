// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace api {

/// A value of Lambda-Runtime-Function-Error-Type that the service keeps as it is: it holds "Runtime." or
/// "Function.", a capital, a letter. Everything else it replaces by Runtime.Unknown or Function.Unknown, so a
/// value of this type always matches. Short printable ASCII without blanks: fit for a header.
class ErrorType {
 public:
  enum class Known {
    exec_failed,              ///< Runtime.ExecFailed
    handler_not_found,        ///< Runtime.HandlerNotFound
    invalid_handler,          ///< Runtime.InvalidHandler
    user_code_syntax_error,   ///< Runtime.UserCodeSyntaxError
    init_error,               ///< Runtime.InitError
    before_snapshot,          ///< Runtime.BeforeSnapshotError
    after_restore,            ///< Runtime.AfterRestoreError
    invalid_event,            ///< Function.InvalidEvent
    invalid_response,         ///< Function.InvalidResponse
    timeout,                  ///< Function.Timeout
    response_size_too_large,  ///< Function.ResponseSizeTooLarge
    shutdown,                 ///< Runtime.Shutdown: ended because the environment is shut down
    internal,                 ///< Runtime.InternalError: the bootstrap itself could not go on
  };

  ErrorType(Known known);  // NOLINT(google-explicit-constructor): an enumerator is an error type

  /// Function.Exit3
  static ErrorType exited(int status);
  /// Function.SignalSEGV, from a signal's name without SIG.
  static ErrorType signaled(std::string_view signal_name);
  /// What a handler calls its own error: kept where the service would keep it and it fits a header, else
  /// "Function." and its letters (behind a category of its own) with the first one a capital; `fallback`
  /// where fewer than two are left.
  static ErrorType named(std::string_view by_handler, const ErrorType& fallback);

  /// Whether the service keeps `text`.
  static bool is_kept(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }

  friend bool operator==(const ErrorType&, const ErrorType&) = default;

 private:
  explicit ErrorType(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace api
