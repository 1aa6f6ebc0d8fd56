// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/result_answer.h"

#include "event/json/json_check.h"
#include "event/json/json_text.h"

#include <array>
#include <cstdio>
#include <string>

namespace runtime {
namespace {

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

}  // namespace

Answer result_answer(const proc::RunResult& run, const base::Spool& output, const base::Spool& errors) {
  base::Spool json;
  if (const auto written = append_all(json, run, output, errors); !written)
    return api::FunctionError{api::ErrorType::Known::internal, written.error().message, {}, std::nullopt};
  return json;
}

}  // namespace runtime
