// SPDX-License-Identifier: Apache-2.0
// What a handler prints, on its way to the log as JSON records: the first byte says in which pieces it comes.
#include "base/io/memory_file.h"
#include "base/text/text.h"
#include "fuzz.h"
#include "runtime/log/log_stream.h"

#include <unistd.h>

#include <algorithm>

#include <nlohmann/json.hpp>

using fuzzing::require;

namespace {

// One for all inputs: a new one for each would cost more than the rest.
class Log {
 public:
  explicit Log(base::LogFormat format) { logger_.configure({.format = format}); }

  std::string lines_for(std::string_view input, std::size_t piece) {
    require(file_.clear().ok(), "the log can be emptied");
    runtime::LogStream stream(logger_, {"id", "tenant"});
    for (; !input.empty(); input.remove_prefix(std::min(piece, input.size())))
      stream.take(input.substr(0, piece));
    stream.finish();
    std::string text(static_cast<std::size_t>(::lseek(file_.fd(), 0, SEEK_END)), '\0');
    require(::pread(file_.fd(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
            "it can be read");
    return text;
  }

 private:
  base::MemoryFile file_ = *base::MemoryFile::create("log");
  base::Logger logger_{file_.fd()};
};

void check_record(std::string_view line, std::string& messages) {
  require(line.size() < base::kLongestLogLine, "no line is too long");
  const auto record = nlohmann::json::parse(line, nullptr, false);
  require(record.is_object(), "a line is one JSON object");
  for (const auto* key : {"timestamp", "level", "requestId", "tenantId"})
    require(record.contains(key), "a record has its keys");
  const auto message = record.find("message");
  if (message == record.end() || !message->is_string()) return;
  messages += message->get<std::string>();
  if (!record.contains("part")) messages += '\n';
}

}  // namespace

void fuzz(std::string_view input) {
  const std::size_t piece = input.empty() ? 1 : std::size_t{1} + static_cast<unsigned char>(input[0]);
  const auto lines = input.substr(std::min<std::size_t>(input.size(), 1));
  const std::string end = lines.empty() || lines.ends_with('\n') ? "" : "\n";

  static Log text(base::LogFormat::text);
  const bool short_lines = lines.size() <= runtime::LogRecords::kLongestPiece;
  if (short_lines) require(text.lines_for(lines, piece) == std::string(lines) + end, "text is untouched");

  static Log json(base::LogFormat::json);
  std::string messages;
  const auto records = json.lines_for(lines, piece);
  std::string_view rest = records;
  while (!rest.empty()) check_record(fuzzing::take_until(rest, '\n'), messages);
  const bool is_all_text = lines.find('{') == std::string_view::npos;
  const bool whole = records.find("\"part\":") == std::string::npos;
  if (is_all_text && whole)
    require(messages == base::repair_utf8(std::string(lines) + end), "nothing is lost");
}
