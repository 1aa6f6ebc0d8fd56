// SPDX-License-Identifier: Apache-2.0
#include "cli/events/event_input.h"

#include "api/wire/wire.h"
#include "base/io/unique_fd.h"
#include "cli/events/sample_events.h"
#include "cli/line/streams.h"
#include "event/json/json_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t kLimit = api::wire::kLargestEvent;

std::string name_of(const EventSource& source) {
  if (source.kind == EventSource::Kind::data) return "the event given with -d";
  if (source.kind == EventSource::Kind::sample) return "--sample";
  return source.text == "-" ? "the event on standard input" : "the event file \"" + source.text + "\"";
}

base::Result<std::string> read_file(const std::string& path, int stop_fd) {
  if (path == "-") return read_all(STDIN_FILENO, kLimit, stop_fd);
  // Non-blocking: a named pipe without a writer would hold up the open, which no signal could end.
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return base::errno_error("cannot open", errno);
  return read_all(file.get(), kLimit, stop_fd);
}

base::Result<std::string> bytes_of(const EventSource& source, int stop_fd) {
  if (source.kind == EventSource::Kind::data) return source.text;
  if (source.kind == EventSource::Kind::file) return read_file(source.text, stop_fd);
  const auto sample = find_sample_event(source.text);
  if (!sample) return base::Error{unknown_sample_event(source.text), 0};
  return std::string(sample->json);
}

base::Result<LoadedEvent> load(const EventSource& source, int stop_fd) {
  const auto name = name_of(source);
  auto payload = bytes_of(source, stop_fd);
  if (!payload) return base::Error{name + ": " + payload.error().message, payload.error().code};
  if (payload->size() > kLimit)
    return base::Error{name + " is larger than Lambda takes: at most 6 MiB (6291456 bytes)", 0};
  auto fault = event::json_fault(*payload).value_or("");
  return LoadedEvent{*std::move(payload), name, std::move(fault)};
}

}  // namespace

base::Result<std::vector<LoadedEvent>> load_events(const std::vector<EventSource>& sources, int stop_fd) {
  std::vector<LoadedEvent> events;
  for (const auto& source : sources) {
    auto event = load(source, stop_fd);
    if (!event) return event.error();
    events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace cli
