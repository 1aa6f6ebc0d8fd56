// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/recorder.h"

#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "cli/cases/redaction.h"
#include "cli/cases/test_json.h"
#include "cli/line/paths.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSlug = 60;
constexpr ::mode_t kOwnersFolder = S_IRWXU;
constexpr ::mode_t kOwnersFile = S_IRUSR | S_IWUSR;

/// The path of a request as a Function URL, an API or a load balancer has it; nothing of other events.
std::string path_in(const std::string& event) {
  const auto json = nlohmann::json::parse(event, nullptr, false);
  if (!json.is_object()) return "";
  for (const auto* name : {"rawPath", "path"})
    if (json.contains(name) && json[name].is_string()) return json[name].get<std::string>();
  return "";
}

std::string slug_of(const std::string& path) {
  std::string slug;
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '_' || (c == '.' && !slug.empty());
    if (slug.size() == kLongestSlug) break;
    if (is_plain)
      slug.push_back(c);
    else if (!slug.empty() && slug.back() != '-')
      slug.push_back('-');
  }
  while (slug.ends_with('-')) slug.pop_back();
  if (!slug.empty()) return slug;
  return path.empty() ? "invoke" : "root";
}

std::size_t highest_number_in(const std::string& directory) {
  std::size_t highest = 0;
  const auto names = names_in(directory);
  if (!names) return highest;
  for (const auto& name : *names) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end != name.data()) highest = std::max(highest, number);
  }
  return highest;
}

std::string numbered(std::size_t number, const std::string& slug) {
  const auto digits = std::to_string(number);
  return std::string(4 - std::min<std::size_t>(digits.size(), 4), '0') + digits + "-" + slug;
}

base::Status write_file(const std::string& path, const std::string& text) {
  const base::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnersFile));
  if (!file.valid()) return base::errno_error("\"" + path + "\"", errno);
  auto written = base::write_all(file.get(), text);
  return written ? written : base::Error{"\"" + path + "\": " + written.error().message, 0};
}

/// Neither a member's name with a line end in it nor the whole document can stand in such a file.
std::string mask_of(const Redacted& answer) {
  std::string lines;
  for (const auto& pointer : answer.pointers)
    if (!pointer.empty() && pointer.find('\n') == pointer.npos) lines += pointer + "\n";
  return lines;
}

base::Status write_files(const std::string& folder, const Redacted& event, const Redacted& answer,
                         bool is_error) {
  const auto write = [&](const char* name, const std::string& text) {
    return text.empty() ? base::Status(base::Done{}) : write_file(folder + "/" + name, text);
  };
  if (auto done = write_file(folder + (event.is_json ? "/event.json" : "/event"), event.text); !done)
    return done;
  if (auto done = write_file(folder + "/expected", answer.text); !done) return done;
  if (auto done = write("mask", mask_of(answer)); !done) return done;
  return write("status", is_error ? "error\n" : "");
}

base::Status make_folder(const std::string& directory) {
  std::error_code error;
  fs::create_directories(fs::path(directory).parent_path(), error);
  if (::mkdir(directory.c_str(), kOwnersFolder) == 0 || errno == EEXIST) return base::Done{};
  return base::errno_error("\"" + directory + "\"", errno);
}

std::string without_last_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

Recorder::Recorder(std::string directory, Secrets secrets, base::Logger& logger)
    : directory_(without_last_slash(std::move(directory))), secrets_(std::move(secrets)), logger_(logger) {}

void Recorder::record(const std::string& event, const TestAnswer& answer) {
  if (const auto written = write(event, answer); !written) leave_out(written.error().message);
}

void Recorder::leave_out(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(said_, true))
    logger_.warn("--record: a call was not recorded: " + why +
                 ". Calls are answered all the same; this is said once");
}

base::Status Recorder::write(const std::string& event, const TestAnswer& answer) {
  const auto kept_event = redact(event, secrets_);
  const auto kept_answer = redact(answer.is_error ? steady_error(answer.payload) : answer.payload, secrets_);
  if (!kept_event || !kept_answer) return base::Error{"it is nested too deep to look for secrets", 0};
  if (auto made = make_folder(directory_); !made) return made;
  std::string draft = directory_ + "/.draft.XXXXXX";
  if (::mkdtemp(draft.data()) == nullptr) return base::errno_error("\"" + directory_ + "\"", errno);
  auto written = write_files(draft, *kept_event, *kept_answer, answer.is_error);
  if (written) written = give_name(draft, slug_of(path_in(kept_event->text)));
  std::error_code ignored;
  if (!written) fs::remove_all(draft, ignored);
  return written;
}

/// Another server may be giving names there, too.
base::Status Recorder::give_name(const std::string& draft, const std::string& slug) {
  const std::lock_guard lock(mutex_);
  if (number_ == 0) number_ = highest_number_in(directory_);
  while (true) {
    const auto name = directory_ + "/" + numbered(++number_, slug);
    if (::rename(draft.c_str(), name.c_str()) == 0) return base::Done{};
    if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
      return base::errno_error("\"" + name + "\"", errno);
  }
}

}  // namespace cli
