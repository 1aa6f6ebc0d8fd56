// SPDX-License-Identifier: Apache-2.0
#include "handler/program/inspect.h"

#include "base/io/unique_fd.h"
#include "base/text/text.h"
#include "handler/program/foreign_program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace handler {
namespace {

constexpr std::size_t kHeadSize = 4096;

// Where patchelf has been at work, the loader's name is behind the program.
void read_interpreter(const base::UniqueFd& file, ElfHead& elf) {
  std::string bytes(elf.interpreter_size, '\0');
  const auto count =
      ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(elf.interpreter_offset));
  if (count > 0)
    elf.interpreter = interpreter_in(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
}

void read_head(const std::string& path, FileFacts& facts) {
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, kHeadSize> buffer{};
  const ssize_t count = file.valid() ? ::pread(file.get(), buffer.data(), buffer.size(), 0) : -1;
  if (count < 0) return;
  const std::string_view head(buffer.data(), static_cast<std::size_t>(count));
  facts.can_read = true;
  facts.is_text = head.find('\0') == std::string_view::npos;
  facts.elf = parse_elf(head);
  if (facts.elf && lacks_interpreter(*facts.elf)) read_interpreter(file, *facts.elf);
  facts.encoding = encoding_of(head);
  facts.shebang = parse_shebang(without_mark(head));
  facts.foreign_system = foreign_system(head);
}

// Asks for the real user, who is the effective one here. That one alone could be asked for by faccessat2,
// which old filters of containers refuse.
bool may_execute(const std::string& path) {
  return ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string absolute_path(const std::string& path, const std::string& directory) {
  return path.starts_with('/') ? path : directory + "/" + path;
}

FileFacts inspect(const std::string& path) {
  FileFacts facts;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return facts;
  facts.exists = true;
  facts.is_directory = S_ISDIR(status.st_mode);
  facts.is_regular = S_ISREG(status.st_mode);
  if (!facts.is_regular) return facts;
  facts.can_execute = may_execute(path);
  read_head(path, facts);
  return facts;
}

bool is_executable_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && may_execute(path);
}

std::optional<std::string> find_on_path(const std::string& name, const std::string& search_path,
                                        const std::string& directory) {
  for (const auto folder : base::split(search_path, ':')) {
    auto candidate = absolute_path(std::string(folder.empty() ? "." : folder) + "/" + name, directory);
    if (is_executable_file(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace handler
