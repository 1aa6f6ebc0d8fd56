// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_subsegment.h"

#include "base/log/json_line.h"
#include "base/text/text.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kHead = "{\"format\": \"json\", \"version\": 1}\n";
// X-Ray's own limit.
constexpr std::size_t kLongestName = 200;
// Of the other texts: six times as long, when all of it must be escaped, they still fit together.
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestText = 2048;

double seconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

// Of valid UTF-8, `limit` bytes at most.
std::string head_of(std::string_view text, std::size_t limit) {
  return std::string(base::head_of(base::repair_utf8(base::head_of(text, limit)), limit));
}

std::string text_of(std::string_view text) {
  return head_of(text, kLongestText);
}

std::string id_of(std::string_view text) {
  return head_of(text, kLongestId);
}

// Letters, digits, blanks and some marks are a name. What is not ASCII may be a letter.
bool may_be_in_a_name(char c) {
  constexpr std::string_view kMarks = " _.:/%&#=+\\-@";
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') ||
         kMarks.find(c) != std::string_view::npos;
}

std::string name_of(std::string_view handler) {
  auto name = head_of(handler, kLongestName);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !may_be_in_a_name(c); }, '_');
  return name;
}

std::optional<proc::ExitState> end_of(const proc::Ending& ending) {
  return std::visit(
      [](const auto& known) -> std::optional<proc::ExitState> {
        if constexpr (requires { known.state; }) return known.state;
        return std::nullopt;
      },
      ending);
}

// What one can search traces by, so there are few of them: of all annotations of a trace X-Ray indexes 50.
ordered_json annotations_of(const XraySubsegment& subsegment) {
  ordered_json annotations = ordered_json::object();
  const auto end = end_of(subsegment.run.ending);
  if (end && end->status()) annotations["exit_status"] = *end->status();
  if (end && end->signal()) annotations["signal"] = "SIG" + proc::signal_name(*end->signal());
  const bool has_type = subsegment.fault && !subsegment.fault->type.empty();
  if (has_type) annotations["error_type"] = id_of(subsegment.fault->type);
  return annotations;
}

ordered_json metadata_of(const XraySubsegment& subsegment) {
  ordered_json facts = {{"request_id", id_of(subsegment.request_id)}};
  if (!subsegment.record.empty()) facts["record"] = id_of(subsegment.record);
  const auto& usage = subsegment.run.usage;
  if (usage.peak_memory_kib != 0) {
    facts["cpu_ms"] = milliseconds(usage.user_time + usage.system_time);
    facts["peak_memory_kib"] = usage.peak_memory_kib;
  }
  return {{"shellstrap", facts}};
}

ordered_json cause_of(const XrayFault& fault, const std::string& directory) {
  ordered_json exception = {{"id", fault.id}, {"message", text_of(fault.message)}};
  if (!fault.type.empty()) exception["type"] = id_of(fault.type);
  return {{"working_directory", text_of(directory)},
          {"paths", ordered_json::array()},
          {"exceptions", ordered_json::array({exception})}};
}

ordered_json document_of(const XraySubsegment& subsegment) {
  ordered_json document = {{"name", name_of(subsegment.name)},
                           {"id", subsegment.id},
                           {"trace_id", subsegment.trace.root},
                           {"parent_id", subsegment.trace.parent},
                           {"type", "subsegment"},
                           {"start_time", seconds(subsegment.start)},
                           {"end_time", seconds(subsegment.start + subsegment.run.elapsed)},
                           {"in_progress", false},
                           {"annotations", annotations_of(subsegment)},
                           {"metadata", metadata_of(subsegment)}};
  if (!subsegment.fault) return document;
  document["fault"] = true;
  document["cause"] = cause_of(*subsegment.fault, subsegment.directory);
  return document;
}

}  // namespace

std::string XraySubsegment::datagram() const {
  return std::string(kHead) + document_of(*this).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace runtime
