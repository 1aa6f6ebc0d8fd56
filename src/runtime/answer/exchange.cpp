// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/exchange.h"

#include "api/wire/invocation.h"
#include "event/cgi/cgi_header_parser.h"
#include "event/http/envelope.h"
#include "event/json/json_check.h"
#include "event/json/json_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>

namespace runtime {
namespace {

using api::ErrorType;
using api::FunctionError;

FunctionError error(ErrorType::Known type, std::string message) {
  return {type, std::move(message), {}, std::nullopt};
}

FunctionError invalid(const std::string& handler, const std::string& fault) {
  return error(ErrorType::Known::invalid_response, "the answer of " + handler + " is not " + fault);
}

std::string start_of(const base::Spool& output) {
  std::string start(std::min(output.size(), event::CgiHeaderParser::kLargestBlock), '\0');
  const auto read = output.read_at(0, start);
  start.resize(read ? *read : 0);
  return start;
}

Answer wrapped(const base::Spool& output, const Settings& settings) {
  auto envelope =
      event::wrap_body(output, settings.body_type, settings.response_format == ResponseFormat::base64);
  if (!envelope) return error(ErrorType::Known::internal, envelope.error().message);
  return *std::move(envelope);
}

// The output as it is sent in the formats `raw`, `json`, `text` and `base64`; others are like `raw` here.
// Function.InvalidResponse, with the place, where it is none. `handler`: its name, for messages.
Answer format_answer(const Settings& settings, const std::string& handler, base::Spool output) {
  switch (settings.response_format) {
    case ResponseFormat::json:
      if (const auto fault = event::json_fault(output))
        return invalid(handler, "JSON: " + *fault + event::words_about_cgi(start_of(output)));
      return output;
    case ResponseFormat::text:
      if (const auto fault = event::text_fault(output)) return invalid(handler, "text in UTF-8: " + *fault);
      return wrapped(output, settings);
    case ResponseFormat::base64:
      return wrapped(output, settings);
    case ResponseFormat::raw:
    case ResponseFormat::cgi:
    case ResponseFormat::result:
      break;
  }
  return output;
}

// The error for an answer that is too large only once it is wrapped.
FunctionError too_large_as_sent(const std::string& handler, std::size_t size) {
  return error(ErrorType::Known::response_size_too_large,
               "the response of " + handler + " is too large: " + std::to_string(size) +
                   " bytes as it is sent, the limit is " + std::to_string(api::largest_response()));
}

// Of a signal there is no status: 128 + N would be one that a program can end with itself.
std::string end_of(const proc::RunResult& run) {
  const auto* exited = std::get_if<proc::Exited>(&run.ending);
  if (exited != nullptr && exited->state.status())
    return "{\"exitCode\":" + std::to_string(*exited->state.status());
  std::string end = "{\"exitCode\":null";
  if (exited != nullptr && exited->state.signal())
    end += ",\"signal\":\"SIG" + proc::signal_name(*exited->state.signal()) + "\"";
  return end;
}

std::string usage_of(const proc::RunResult& run) {
  std::array<char, 64> duration{};
  std::snprintf(duration.data(), duration.size(), "%.1f", static_cast<double>(run.elapsed.count()) / 1000.0);
  const auto peak = run.usage.peak_memory_kib;
  return std::string(",\"durationMs\":") + duration.data() +
         ",\"maxRssKb\":" + (peak > 0 ? std::to_string(peak) : "null") + "}";
}

base::Status append_stream(base::Spool& json, const std::string& key, const base::Spool& bytes) {
  const bool is_text = !event::text_fault(bytes);
  if (auto begun = json.append(",\"" + key + "\":\""); !begun) return begun;
  auto written = is_text ? event::append_escaped(json, bytes, 0) : event::append_base64(json, bytes, 0);
  if (!written) return written;
  return json.append(is_text ? "\"" : "\",\"" + key + "Base64\":true");
}

base::Status append_all(base::Spool& json, const proc::RunResult& run, const base::Spool& output,
                        const base::Spool& errors) {
  if (auto written = json.append(end_of(run)); !written) return written;
  if (auto written = append_stream(json, "stdout", output); !written) return written;
  if (auto written = append_stream(json, "stderr", errors); !written) return written;
  return json.append(usage_of(run));
}

// The answer in the format `result`: how a program that ended by itself did so, and what it printed, as one
// JSON object. What is not UTF-8 is base64 and says so. docs/templates.md has its keys.
Answer result_answer(const proc::RunResult& run, const base::Spool& output, const base::Spool& errors) {
  base::Spool json;
  if (const auto written = append_all(json, run, output, errors); !written)
    return api::FunctionError{api::ErrorType::Known::internal, written.error().message, {}, std::nullopt};
  return json;
}

}  // namespace

Exchange::Exchange(const Settings& settings, const std::string& handler, base::Logger& logger,
                   const api::Invocation& invocation)
    : settings_(settings), handler_(handler), logger_(logger), invocation_(invocation) {
  if (settings.response_format != ResponseFormat::cgi) return;
  auto begun = begin_cgi(invocation.event, settings.cgi);
  if (auto* task = std::get_if<CgiTask>(&begun)) cgi_.emplace(std::move(*task));
  if (auto* answer = std::get_if<CgiAnswer>(&begun)) {
    log(answer->cause);
    early_.emplace(std::move(answer->answer));
  }
}

std::optional<Answer> Exchange::take_early_answer() {
  return std::exchange(early_, std::nullopt);
}

void Exchange::add_to(handler::Call& call) const {
  if (!cgi_) return;
  call.variables = cgi_->variables;
  call.body = &cgi_->body;
}

Answer Exchange::shape(const proc::RunResult& run, Streams& streams) const {
  auto answer = settings_.response_format == ResponseFormat::result
                    ? result_answer(run, streams.answer().bytes(), streams.kept_stderr().bytes())
                    : in_format(streams.take_answer());
  const auto* bytes = std::get_if<base::Spool>(&answer);
  if (bytes == nullptr || bytes->size() <= api::largest_response()) return answer;
  return too_large_as_sent(handler_, bytes->size());
}

Answer Exchange::in_format(base::Spool output) const {
  if (!cgi_) return format_answer(settings_, handler_, std::move(output));
  auto finished = finish_cgi(*cgi_, output, settings_.body_type);
  log(finished.cause);
  return std::move(finished.answer);
}

void Exchange::log(const std::string& cause) const {
  if (cause.empty()) return;
  logger_.error("RequestId: " + invocation_.request_id + " " + handler_ + ": " + cause,
                invocation_.request_id);
}

}  // namespace runtime
