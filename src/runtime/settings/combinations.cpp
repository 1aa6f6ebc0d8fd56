// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings/combinations.h"

#include <utility>

namespace runtime {
namespace {

base::Status check_stream(const Settings& settings) {
  // A failed call's standard error belongs to the log, too, when it is the answer: only a buffered one can.
  if (settings.answer_fd == 2)
    return base::Error{
        "SHELLSTRAP_RESPONSE=stderr goes with SHELLSTRAP_INVOKE_MODE=buffered only; use stdout or fd:N."};
  if (settings.answer_in_memory)
    return base::Error{
        "SHELLSTRAP_RESPONSE=memory goes with SHELLSTRAP_INVOKE_MODE=buffered only: what is in a file is "
        "known "
        "at the end. Use stdout or fd:N for an answer that is sent while it is produced."};
  switch (settings.response_format) {
    case ResponseFormat::json:
      return base::Error{
          "SHELLSTRAP_RESPONSE_FORMAT=json goes with SHELLSTRAP_INVOKE_MODE=buffered only: a streamed answer "
          "is "
          "on its way before all of it can be checked."};
    case ResponseFormat::text:
    case ResponseFormat::base64:
      return base::Error{
          "SHELLSTRAP_RESPONSE_FORMAT=text and base64 go with SHELLSTRAP_INVOKE_MODE=buffered only: a "
          "streamed "
          "answer needs no envelope; use raw and SHELLSTRAP_CONTENT_TYPE."};
    case ResponseFormat::result:
      return base::Error{
          "SHELLSTRAP_RESPONSE_FORMAT=result goes with SHELLSTRAP_INVOKE_MODE=buffered only: how a program "
          "ends "
          "is known at its end."};
    case ResponseFormat::raw:
    case ResponseFormat::cgi:
      break;
  }
  return base::Done{};
}

bool has_cgi_settings(const Settings& settings) {
  return !settings.cgi.base_path.empty() || !settings.cgi.authorization_from.empty();
}

base::Status check_result(const Settings& settings) {
  if (settings.response_format != ResponseFormat::result) return base::Done{};
  if (settings.answer_fd != 1)
    return base::Error{
        "SHELLSTRAP_RESPONSE=stderr and fd:N do not go with SHELLSTRAP_RESPONSE_FORMAT=result: standard "
        "output and "
        "standard "
        "error are both in the answer."};
  if (settings.success != Settings().success)
    return base::Error{
        "SHELLSTRAP_SUCCESS does not go with SHELLSTRAP_RESPONSE_FORMAT=result: every exit status is an "
        "answer."};
  return base::Done{};
}

base::Status check_batch(const Settings& settings) {
  if (!settings.batch)
    return settings.batch_reads_record || settings.batch_parallel != 1
               ? base::Status(base::Error{
                     "SHELLSTRAP_BATCH_STDIN and SHELLSTRAP_BATCH_PARALLEL go with SHELLSTRAP_BATCH only."})
               : base::Done{};
  if (settings.response_format != ResponseFormat::raw || settings.invoke_mode == InvokeMode::stream ||
      !settings.content_type.empty())
    return base::Error{
        "SHELLSTRAP_RESPONSE_FORMAT, SHELLSTRAP_CONTENT_TYPE and SHELLSTRAP_INVOKE_MODE=stream do not go "
        "with "
        "SHELLSTRAP_BATCH: the answer is the list of failed records."};
  if (settings.answer_in_memory)
    return base::Error{
        "SHELLSTRAP_RESPONSE=memory does not go with SHELLSTRAP_BATCH: what a record's run prints is log, "
        "and "
        "goes there as it comes."};
  if (!std::holds_alternative<handler::EventInput>(settings.input))
    return base::Error{
        "SHELLSTRAP_STDIN does not go with SHELLSTRAP_BATCH: what a record's run reads is "
        "SHELLSTRAP_BATCH_STDIN, body or record."};
  return base::Done{};
}

base::Status check_response_file(const Settings& settings) {
  if (settings.answer_file.empty()) return base::Done{};
  const auto setting = "SHELLSTRAP_RESPONSE=file:" + settings.answer_file;
  if (!settings.own_directory)
    return base::Error{setting +
                       " goes with SHELLSTRAP_DIRECTORY=per-invocation only: the file is looked for where "
                       "the program starts."};
  return check_answer_file(settings, setting);
}

}  // namespace

base::Status check_answer_file(const Settings& settings, const std::string& file) {
  if (settings.invoke_mode == InvokeMode::stream)
    return base::Error{file +
                       " goes with SHELLSTRAP_INVOKE_MODE=buffered only: a file is complete when its program "
                       "has ended."};
  if (settings.response_format == ResponseFormat::result)
    return base::Error{file +
                       " does not go with SHELLSTRAP_RESPONSE_FORMAT=result: the answer is what the "
                       "program prints."};
  if (settings.batch)
    return base::Error{file +
                       " does not go with SHELLSTRAP_BATCH: the answer is the list of failed records."};
  return base::Done{};
}

base::Status check_combination(const Settings& settings) {
  if (auto checked = check_response_file(settings); !checked) return checked;
  if (auto checked = check_batch(settings); !checked) return checked;
  if (auto checked = check_result(settings); !checked) return checked;
  const bool is_cgi = settings.response_format == ResponseFormat::cgi;
  if (!is_cgi && has_cgi_settings(settings))
    return base::Error{
        "SHELLSTRAP_CGI_BASE_PATH and SHELLSTRAP_CGI_AUTHORIZATION go with SHELLSTRAP_RESPONSE_FORMAT=cgi "
        "only."};
  if (is_cgi && !std::holds_alternative<handler::EventInput>(settings.input))
    return base::Error{
        "SHELLSTRAP_STDIN does not go with SHELLSTRAP_RESPONSE_FORMAT=cgi: a CGI program reads the request's "
        "body."};
  return settings.invoke_mode == InvokeMode::stream ? check_stream(settings) : base::Status(base::Done{});
}

void complete_content_types(Settings& settings) {
  constexpr auto kJson = "application/json";
  constexpr auto kBytes = "application/octet-stream";
  const bool is_text = settings.response_format == ResponseFormat::text;
  const bool is_base64 = settings.response_format == ResponseFormat::base64;
  if (is_text || is_base64 || settings.response_format == ResponseFormat::cgi)
    settings.body_type = std::exchange(settings.content_type, "");
  if (settings.body_type.empty() && is_text) settings.body_type = "text/plain; charset=utf-8";
  if (settings.body_type.empty() && is_base64) settings.body_type = kBytes;
  if (settings.content_type.empty())
    settings.content_type = settings.invoke_mode == InvokeMode::stream ? kBytes : kJson;
}

}  // namespace runtime
