// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/log/logger.h"
#include "base/result.h"
#include "event/batch/batch.h"
#include "event/cgi/cgi_request.h"
#include "handler/spec/leftovers.h"
#include "handler/spec/template.h"

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

enum class InvokeMode { buffered, stream };
enum class ResponseFormat { raw, json, text, base64, cgi, result };

/// Commands that run beside the handler, as words; empty: none. See docs/hooks.md.
struct HookCommands {
  std::vector<std::string> init;             ///< SHELLSTRAP_INIT
  std::vector<std::string> shutdown;         ///< SHELLSTRAP_SHUTDOWN
  std::vector<std::string> before_snapshot;  ///< SHELLSTRAP_BEFORE_SNAPSHOT
  std::vector<std::string> after_restore;    ///< SHELLSTRAP_AFTER_RESTORE
};

/// Everything that a user can set, checked. Each SHELLSTRAP_ name and its key in shellstrap.json is a row of
/// the table in settings.cpp, and of the one in README.md.
struct Settings {
  std::optional<std::vector<std::string>> command;  ///< SHELLSTRAP_COMMAND
  int answer_fd = 1;              ///< SHELLSTRAP_RESPONSE: 1, 2, or 3 to 9; 0 where the answer is a file
  bool answer_in_memory = false;  ///< the same: 1 is a file in memory, no pipe
  std::string answer_file;  ///< the same, or of a template: its path in the folder of the call; else empty
  InvokeMode invoke_mode = InvokeMode::buffered;         ///< SHELLSTRAP_INVOKE_MODE
  ResponseFormat response_format = ResponseFormat::raw;  ///< SHELLSTRAP_RESPONSE_FORMAT
  /// SHELLSTRAP_CGI_BASE_PATH, SHELLSTRAP_CGI_AUTHORIZATION
  event::CgiOptions cgi;
  std::string content_type;  ///< SHELLSTRAP_CONTENT_TYPE; never empty: else the one of the mode
  std::string body_type;  ///< the same of what is inside an envelope (`text`, `base64`); of `cgi`, where the
                          ///< program gives none; empty: it has none then
  bool error_stderr = true;                ///< SHELLSTRAP_ERROR_STDERR
  bool keep_runtime_api = false;           ///< SHELLSTRAP_KEEP_RUNTIME_API
  std::vector<std::string> shell_options;  ///< SHELLSTRAP_SHELL_OPTIONS: arguments for `set`
  std::optional<std::chrono::milliseconds>
      deadline_margin;                               ///< SHELLSTRAP_DEADLINE_MARGIN_MS; 0: no early kill
  std::optional<std::chrono::milliseconds> timeout;  ///< SHELLSTRAP_TIMEOUT_MS

  handler::Input input;         ///< SHELLSTRAP_STDIN
  std::bitset<256> success{1};  ///< SHELLSTRAP_SUCCESS: exit statuses

  std::optional<event::BatchSource> batch;  ///< SHELLSTRAP_BATCH: one run for each record
  bool batch_reads_record = false;          ///< SHELLSTRAP_BATCH_STDIN: the record, or what is in it
  int batch_parallel = 1;                   ///< SHELLSTRAP_BATCH_PARALLEL: records at a time

  std::string directory;       ///< SHELLSTRAP_DIRECTORY: where programs start; empty: the task root
  bool own_directory = false;  ///< the same: a private folder of the call

  handler::Leftovers leftovers = handler::Leftovers::end;  ///< SHELLSTRAP_LEFTOVERS
  bool own_tmpdir = false;                                 ///< SHELLSTRAP_TMPDIR: a fresh one per invocation
  int concurrency = 1;                                     ///< AWS_LAMBDA_MAX_CONCURRENCY: number of workers
  bool managed_instance = false;  ///< that is set: nobody but us ends a call that is late

  HookCommands hooks;
  bool extension = false;  ///< SHELLSTRAP_EXTENSION: registered as one, so that SIGTERM comes
  bool snapshot = false;   ///< AWS_LAMBDA_INITIALIZATION_TYPE is snap-start

  base::LogFormat log_format = base::LogFormat::text;  ///< AWS_LAMBDA_LOG_FORMAT
  base::LogLevel log_level = base::LogLevel::info;     ///< AWS_LAMBDA_LOG_LEVEL
  base::LogLevel handler_log_level =
      base::LogLevel::trace;  ///< the same where it is set; else nothing is hidden
  bool log_prefix = false;    ///< SHELLSTRAP_LOG_PREFIX
  bool metrics = false;       ///< SHELLSTRAP_METRICS: emf
  std::string function_name;  ///< AWS_LAMBDA_FUNCTION_NAME, for metrics
  bool xray = false;          ///< SHELLSTRAP_XRAY: a subsegment for each child
};

/// Settings from the environment and from the text of shellstrap.json (nullopt: there is none); the
/// environment wins. An empty variable is as good as unset. Unknown names and bad values are errors that name
/// them. Pure.
base::Result<Settings> parse_settings(const base::Environment& environment,
                                      std::optional<std::string_view> json);

}  // namespace runtime
