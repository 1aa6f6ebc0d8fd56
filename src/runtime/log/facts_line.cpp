// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/facts_line.h"

#include "base/text/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace runtime {
namespace {

// A handler may word its own error, and it may be long.
constexpr std::size_t kLongestSentence = 2048;
constexpr std::size_t kLongestId = 1024;

double milliseconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::string tenths(double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
  return buffer.data();
}

bool knows_usage(const Account& account) {
  return account.usage.peak_memory_kib > 0;
}

std::chrono::microseconds cpu_time(const Account& account) {
  return account.usage.user_time + account.usage.system_time;
}

// One line stays one line.
std::string printable(std::string_view text, std::size_t limit) {
  std::string line(base::head_of(text, limit));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string outcome_of(const Account& account) {
  if (account.error_type.empty()) return "ok";
  return account.error_type + ": " + printable(account.sentence, kLongestSentence);
}

// " key=value" for each fact, in the order of docs/logs.md.
class TextFacts {
 public:
  void add(std::string_view key, const std::string& value) {
    text_.append(" ").append(key).append("=").append(value);
  }
  void add(std::string_view key, std::size_t value) { add(key, std::to_string(value)); }

  std::string text_;
};

std::string facts_of(const Account& account, const Surroundings& surroundings) {
  TextFacts facts;
  if (!account.record.empty()) facts.add("record", printable(account.record, kLongestId));
  if (account.end && account.end->status()) facts.add("exit", std::to_string(*account.end->status()));
  if (account.end && account.end->signal())
    facts.add("signal", "SIG" + proc::signal_name(*account.end->signal()));
  facts.add("ms", tenths(milliseconds(account.elapsed)));
  if (knows_usage(account)) {
    const std::string bound = peak_is_bound(account, surroundings) ? "≤" : "";
    facts.add("peak_kib", bound + std::to_string(account.usage.peak_memory_kib));
    facts.add("cpu_ms", tenths(milliseconds(cpu_time(account))));
  }
  facts.add("bytes_in", account.bytes_in);
  facts.add("bytes_out", account.bytes_out);
  facts.add("leftovers", account.leftovers);
  if (surroundings.tmp_free_kib) facts.add("tmp_free_kib", *surroundings.tmp_free_kib);
  return facts.text_;
}

std::string text_line(const Account& account, const Surroundings& surroundings) {
  return "shellstrap: " + base::ascii_lower(base::name_of(level_of(account))) +
         ": RequestId: " + printable(account.who.request_id, kLongestId) + " " + outcome_of(account) + ";" +
         facts_of(account, surroundings) + "\n";
}

void add_end(base::JsonLine& line, const proc::ExitState& end) {
  if (end.status()) line.number("exitStatus", *end.status());
  if (end.signal()) line.text("signal", "SIG" + proc::signal_name(*end.signal()));
}

std::string json_line(const Account& account, const Surroundings& surroundings) {
  base::JsonLine line(base::log_timestamp(), base::name_of(level_of(account)), account.who);
  line.text("message", outcome_of(account));
  if (!account.record.empty()) line.text("record", base::head_of(account.record, kLongestId));
  if (!account.error_type.empty()) line.text("errorType", account.error_type);
  if (account.end) add_end(line, *account.end);
  line.tenths("durationMs", milliseconds(account.elapsed));
  if (knows_usage(account)) {
    line.number("peakMemoryKiB", static_cast<std::int64_t>(account.usage.peak_memory_kib));
    if (peak_is_bound(account, surroundings)) line.flag("peakMemoryIsUpperBound", true);
    line.tenths("cpuMs", milliseconds(cpu_time(account)));
  }
  line.number("bytesIn", static_cast<std::int64_t>(account.bytes_in));
  line.number("bytesOut", static_cast<std::int64_t>(account.bytes_out));
  line.number("leftovers", static_cast<std::int64_t>(account.leftovers));
  if (surroundings.tmp_free_kib)
    line.number("tmpFreeKiB", static_cast<std::int64_t>(*surroundings.tmp_free_kib));
  return std::move(line).finish();
}

}  // namespace

base::LogLevel level_of(const Account& account) {
  return account.error_type.empty() ? base::LogLevel::debug : base::LogLevel::error;
}

std::string facts_line(const Account& account, const Surroundings& surroundings, base::LogFormat format) {
  return format == base::LogFormat::json ? json_line(account, surroundings)
                                         : text_line(account, surroundings);
}

}  // namespace runtime
