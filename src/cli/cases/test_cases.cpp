// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/test_cases.h"

#include "api/wire/wire.h"
#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"
#include "base/text/text.h"
#include "cli/line/paths.h"
#include "cli/line/streams.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>

namespace cli {
namespace {

namespace fs = std::filesystem;

using Masks = std::vector<handler::JsonPointer>;

constexpr std::array<std::string_view, 6> kFiles = {"event",  "event.json", "expected",
                                                    "status", "stderr",     "mask"};
// More than any answer that is not streamed.
constexpr std::size_t kLargestFile = 2 * api::wire::kLargestResponse;

base::Error problem(std::string sentence) {
  return {std::move(sentence), 0};
}

/// nullopt: there is none.
base::Result<std::optional<std::string>> read_file(const fs::path& path) {
  const std::string name = path.filename().string();
  // Non-blocking: a named pipe without a writer would hold up the open.
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid() && errno == ENOENT) return std::optional<std::string>();
  if (!file.valid()) return base::errno_error(name + " cannot be opened", errno);
  auto text = read_all(file.get(), kLargestFile, -1);
  if (!text) return problem(name + ": " + text.error().message);
  if (text->size() > kLargestFile) return problem(name + " is larger than any answer");
  return std::optional(*std::move(text));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto line : base::split(text, '\n'))
    if (const auto trimmed = base::trim(line); !trimmed.empty()) lines.emplace_back(trimmed);
  return lines;
}

base::Result<Masks> masks_in(const fs::path& folder) {
  auto text = read_file(folder / "mask");
  if (!text) return text.error();
  Masks masks;
  for (const auto& line : lines_of(text->value_or(""))) {
    if (line.starts_with('#')) continue;
    auto pointer = handler::JsonPointer::parse(line);
    if (const auto* fault = std::get_if<handler::JsonPointer::Fault>(&pointer))
      return problem("mask: \"" + line + "\" is no JSON pointer: " + fault->what);
    masks.push_back(std::get<handler::JsonPointer>(std::move(pointer)));
  }
  return masks;
}

/// A misspelt name would leave out a check in silence.
std::string strange_file(const std::string& folder) {
  const auto names = names_in(folder);
  if (!names) return names.error().message;
  for (const auto& name : *names) {
    if (name == "files")
      return "files: a call's private folder is gone with its call, nothing can be looked for in it; "
             "SHELLSTRAP_RESPONSE=file:NAME makes a file the answer";
    if (name.starts_with('.') || name.starts_with("README")) continue;
    if (std::ranges::find(kFiles, name) == kFiles.end())
      return "\"" + name + "\" is no file of a case; there are " +
             base::join({kFiles.begin(), kFiles.end()}, ", ");
  }
  return "";
}

base::Result<std::string> event_in(const fs::path& folder) {
  auto plain = read_file(folder / "event");
  if (!plain) return plain.error();
  auto json = read_file(folder / "event.json");
  if (!json) return json.error();
  if (*plain && *json) return problem("there are both event and event.json: one of them is too many");
  auto event = *plain ? **std::move(plain) : json->value_or("{}");
  if (event.size() > api::wire::kLargestEvent)
    return problem("the event is larger than Lambda takes: at most 6 MiB (6291456 bytes)");
  return event;
}

base::Result<bool> error_wanted_in(const fs::path& folder) {
  auto text = read_file(folder / "status");
  if (!text) return text.error();
  const auto status = text->value_or("ok");
  const auto word = base::trim(status);
  if (word != "ok" && word != "error") return problem("status: it is ok or error");
  return word == "error";
}

/// Fills `test`; what is wrong with it, or Done.
base::Status read_case(TestCase& test) {
  const fs::path folder = test.folder;
  if (auto wrong = strange_file(test.folder); !wrong.empty()) return problem(std::move(wrong));
  auto event = event_in(folder);
  if (!event) return event.error();
  auto expected = read_file(folder / "expected");
  if (!expected) return expected.error();
  const auto wants_error = error_wanted_in(folder);
  if (!wants_error) return wants_error.error();
  auto log_parts = read_file(folder / "stderr");
  if (!log_parts) return log_parts.error();
  auto masks = masks_in(folder);
  if (!masks) return masks.error();

  test.event = *std::move(event);
  test.expected = *std::move(expected);
  test.expects_error = *wants_error;
  test.log_parts = lines_of(log_parts->value_or(""));
  test.masks.insert(test.masks.end(), masks->begin(), masks->end());
  return base::Done{};
}

bool is_case(const fs::path& tests, const std::string& name, const std::string& glob) {
  std::error_code unknown;
  return !name.starts_with('.') && !name.starts_with('_') && fs::is_directory(tests / name, unknown) &&
         (glob.empty() || ::fnmatch(glob.c_str(), name.c_str(), 0) == 0);
}

/// A case that serve has recorded is for its owner only, and stays so.
::mode_t mode_for(const fs::path& target) {
  struct stat before {};
  if (::stat(target.c_str(), &before) == 0) return before.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
  return S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
}

/// Of tests/mask, unless that is a case.
base::Result<Masks> shared_masks(const fs::path& tests) {
  std::error_code unknown;
  return fs::is_directory(tests / "mask", unknown) ? base::Result<Masks>(Masks()) : masks_in(tests);
}

}  // namespace

base::Result<std::vector<TestCase>> load_cases(const std::string& tests, const std::string& glob) {
  const auto names = names_in(tests);
  if (!names) return problem("there are no cases: " + names.error().message);
  const auto shared = shared_masks(tests);
  if (!shared) return problem("\"" + tests + "\": " + shared.error().message);
  std::vector<TestCase> cases;
  for (const auto& name : *names) {
    if (!is_case(tests, name, glob)) continue;
    TestCase test{name, (fs::path(tests) / name).string(), "{}", {}, false, {}, *shared, ""};
    if (const auto read = read_case(test); !read) test.fault = read.error().message;
    cases.push_back(std::move(test));
  }
  if (!cases.empty()) return cases;
  if (!glob.empty()) return problem("no case in \"" + tests + "\" is called " + glob);
  return problem("no case in \"" + tests + "\": one is a folder with the files event and expected");
}

base::Status write_expected(const TestCase& test, const std::string& text) {
  const auto target = fs::path(test.folder) / "expected";
  std::string draft = (fs::path(test.folder) / ".expected.XXXXXX").string();
  const base::UniqueFd file(::mkostemp(draft.data(), O_CLOEXEC));
  if (!file.valid()) return base::errno_error("expected cannot be written", errno);
  auto written = base::write_all(file.get(), text);
  if (written &&
      (::fchmod(file.get(), mode_for(target)) != 0 || ::rename(draft.c_str(), target.c_str()) != 0))
    written = base::errno_error("expected cannot be written", errno);
  if (!written) ::unlink(draft.c_str());
  return written;
}

}  // namespace cli
