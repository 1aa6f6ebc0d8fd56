// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace handler {

/// What the value of a setting looks like. In shellstrap.json the empty string is taken everywhere, too: it
/// is as good as leaving the setting out.
enum class SettingForm {
  flag,      ///< on, off, true, false, 1, 0, without regard to case
  command,   ///< shell words, or an array of strings
  number,    ///< a whole number from `lowest` to `highest`
  choice,    ///< one of `values`, with bars between them
  pattern,   ///< a regular expression (that of ECMA-262) for the whole
  statuses,  ///< exit statuses: a number, "0-2,5", or an array of both
  text,      ///< anything
};

struct Setting {
  std::string_view name;  ///< behind SHELLSTRAP_; in lower case the key of shellstrap.json
  SettingForm form;
  std::string_view values;    ///< of a choice or a pattern
  long lowest, highest;       ///< of a number
  std::string_view fallback;  ///< what holds without it, in words; empty: nothing
  std::string_view summary;   ///< a sentence or two, without Markdown
};

// The longest that the service lets a function run is 15 minutes; on managed instances 90.
inline constexpr long kLongestMs = 90L * 60 * 1000;
// Each lane of shell functions is a shell of its own.
inline constexpr long kMostLanes = 64;

/// The one table of settings, by name: the bootstrap reads them by it, and `shellstrap schema` and the man
/// page are made from it. README.md has the same for people.
inline constexpr std::array kSettings = {
    Setting{"AFTER_RESTORE", SettingForm::command, "", 0, 0, "",
            "With SnapStart: a command, or a function of the handler's file, that runs after a restore."},
    Setting{"BATCH", SettingForm::choice, "sqs|kinesis|dynamodb|kafka", 0, 0, "",
            "The handler runs once for each record of such an event, and what failed is reported."},
    Setting{"BATCH_PARALLEL", SettingForm::number, "", 1, kMostLanes, "1", "How many records run at a time."},
    Setting{"BATCH_STDIN", SettingForm::choice, "body|record", 0, 0, "body",
            "What the run of a record reads: its body, decoded, or the record as JSON."},
    Setting{"BEFORE_SNAPSHOT", SettingForm::command, "", 0, 0, "",
            "With SnapStart: a command, or a function of the handler's file, that runs before the snapshot."},
    Setting{"CGI_AUTHORIZATION", SettingForm::pattern, "off|on|header:[A-Za-z0-9-]+", 0, 0, "off",
            "What becomes HTTP_AUTHORIZATION of a CGI program: on is the header Authorization."},
    Setting{"CGI_BASE_PATH", SettingForm::pattern, "/[^/]+(/[^/]+)*/*", 0, 0, "",
            "Of a CGI program: the part of the path that becomes SCRIPT_NAME."},
    Setting{
        "COMMAND", SettingForm::command, "", 0, 0, "",
        "The command to run, in place of the handler setting. {/pointer} is a value of the event, {@*} all "
        "of it; nothing else is expanded."},
    Setting{"CONTENT_TYPE", SettingForm::pattern, "[ -~]+", 0, 0,
            "application/json; streamed application/octet-stream",
            "Content-Type of the answer; with cgi, of a body whose program gives none."},
    Setting{"DEADLINE_MARGIN_MS", SettingForm::number, "", 0, kLongestMs, "10 % of the time, 200 to 500",
            "How long before the deadline a call is ended; 0 leaves that to the service."},
    Setting{"DIRECTORY", SettingForm::text, "", 0, 0, "the task root",
            "Where programs start: a folder, or per-invocation for a fresh private one of each call."},
    Setting{"ERROR_STDERR", SettingForm::flag, "", 0, 0, "on",
            "off leaves the last lines of a failed call's output out of errors, for public URLs."},
    Setting{"EXTENSION", SettingForm::flag, "", 0, 0, "off",
            "on registers an internal extension, so that the service sends SIGTERM."},
    Setting{"INIT", SettingForm::command, "", 0, 0, "",
            "A command that runs once, before the handler is looked for; its failure is an init error."},
    Setting{"INVOKE_MODE", SettingForm::choice, "buffered|stream", 0, 0, "buffered",
            "stream sends the answer while it is produced, up to 200 MB."},
    Setting{"KEEP_RUNTIME_API", SettingForm::flag, "", 0, 0, "off",
            "on leaves AWS_LAMBDA_RUNTIME_API in the program's environment."},
    Setting{"LEFTOVERS", SettingForm::choice, "end|keep", 0, 0, "end",
            "What becomes of processes that a call leaves running: end kills them, keep leaves them."},
    Setting{"LOG_PREFIX", SettingForm::flag, "", 0, 0, "off",
            "on puts the request id before every line of text that a call logs."},
    Setting{"METRICS", SettingForm::choice, "off|emf", 0, 0, "off",
            "emf writes one line of CloudWatch metrics for each call."},
    Setting{
        "RESPONSE", SettingForm::pattern,
        "stdout|stderr|memory|fd:[3-9]|file:(?!\\.{1,2}(/|$))[^/]+(/(?!\\.{1,2}(/|$))[^/]+)*", 0, 0, "stdout",
        "Where the answer is taken from: stdout, stderr, fd:N with N from 3 to 9, memory (standard output "
        "as a file in memory), or file:NAME in the private folder of the call."},
    Setting{"RESPONSE_FORMAT", SettingForm::choice, "raw|json|text|base64|cgi|result", 0, 0, "raw",
            "json checks the answer; text and base64 make it the body of a proxy response; cgi runs CGI "
            "programs behind a URL; result answers exit status, both streams and usage as JSON."},
    Setting{"SHELL_OPTIONS", SettingForm::text, "", 0, 0, "",
            "Options of the shell that runs shell functions, as behind set -: euo pipefail."},
    Setting{"SHUTDOWN", SettingForm::command, "", 0, 0, "",
            "A command that runs on SIGTERM, in what time is left."},
    Setting{"STDIN", SettingForm::pattern, "event|none|\\{.+\\}", 0, 0, "event",
            "What a program reads: event, none, or one value of the event, as {/body}."},
    Setting{"SUCCESS", SettingForm::statuses, "", 0, 0, "0", "Exit statuses that succeed, as 0,1 or 0-2,5."},
    Setting{"TIMEOUT_MS", SettingForm::number, "", 1, kLongestMs, "",
            "Ends a call earlier than the function's timeout would."},
    Setting{"TMPDIR", SettingForm::choice, "shared|per-invocation", 0, 0, "shared",
            "per-invocation gives each call a fresh folder as TMPDIR, removed once the answer is out."},
    Setting{"XRAY", SettingForm::flag, "", 0, 0, "off",
            "on sends X-Ray a subsegment for each child of a call whose trace is recorded."},
};

}  // namespace handler
