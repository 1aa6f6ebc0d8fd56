// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/private_root.h"

#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace proc {
namespace {

namespace fs = std::filesystem;

// Where the new root grows before it becomes the root: a folder that is there on every machine.
const std::string kStage = "/tmp";
constexpr std::array kSystem = {"/usr", "/etc", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
constexpr std::array kDevices = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
// The only names that descriptors have there: docs/serve.md says from where that is known.
constexpr std::array<std::pair<const char*, const char*>, 3> kStreams = {
    {{"/dev/stdin", "/proc/self/fd/0"},
     {"/dev/stdout", "/proc/self/fd/1"},
     {"/dev/stderr", "/proc/self/fd/2"}}};

base::Status failed(const std::string& what) {
  return base::errno_error(what, errno);
}

base::Status mount_memory(const std::string& target, const std::string& options) {
  if (::mount("tmpfs", target.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
    return failed("a file system in memory");
  return base::Done{};
}

/// Makes what a mount needs to stand on: a folder, or an empty file for a file.
bool make_target(const std::string& source, const std::string& target) {
  std::error_code error;
  fs::create_directories(fs::path(target).parent_path(), error);
  struct stat kind {};
  if (error || ::stat(source.c_str(), &kind) != 0) return false;
  if (S_ISDIR(kind.st_mode)) return ::mkdir(target.c_str(), 0755) == 0 || errno == EEXIST;
  return base::UniqueFd(::open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)).valid();
}

/// `source` may be a link in /proc/self/fd.
base::Status bind(const std::string& source, const std::string& target, const std::string& name) {
  if (!make_target(source, kStage + target) ||
      ::mount(source.c_str(), (kStage + target).c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
    return failed("a view of " + name);
  return base::Done{};
}

/// A folder of the system; on most machines several are links.
base::Status show_system(const char* path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    fs::create_symlink(fs::read_symlink(path, error), kStage + path, error);
    return base::Done{};
  }
  return fs::exists(path, error) ? bind(path, path, path) : base::Done{};
}

base::Status show(const Confinement& wanted, const std::vector<base::UniqueFd>& sources) {
  for (const char* path : kSystem)
    if (const auto shown = show_system(path); !shown) return shown;
  for (const char* path : kDevices)
    if (const auto shown = bind(path, path, path); !shown) return shown;
  for (const auto& [name, descriptor] : kStreams)
    if (::symlink(descriptor, (kStage + name).c_str()) != 0) return failed(std::string("a ") + name);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto source = "/proc/self/fd/" + std::to_string(sources[i].get());
    if (const auto shown = bind(source, wanted.views[i].target, wanted.views[i].source); !shown) return shown;
  }
  return base::Done{};
}

/// /proc stays as it is: a process may say there how dispensable it is.
base::Status finish(const Confinement& wanted) {
  const auto scratch = kStage + wanted.scratch;
  if (::mkdir((kStage + "/proc").c_str(), 0755) != 0 || ::mkdir(scratch.c_str(), 0755) != 0)
    return failed("folders of its own");
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  if (::mount_setattr(AT_FDCWD, kStage.c_str(), AT_RECURSIVE, &read_only, sizeof read_only) != 0)
    return failed("folders that cannot be written to");
  if (::mount("/proc", (kStage + "/proc").c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
    return failed("a view of /proc");
  return mount_memory(scratch, "mode=1777,size=" + std::to_string(wanted.scratch_bytes));
}

/// The old root ends up on top of the new one, and goes.
base::Status pivot() {
  if (::chdir(kStage.c_str()) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0 ||
      ::umount2(".", MNT_DETACH) != 0)
    return failed("a root of its own");
  return base::Done{};
}

base::Status build(const Confinement& wanted, const std::vector<base::UniqueFd>& sources) {
  if (const auto shown = show(wanted, sources); !shown) return shown;
  if (const auto finished = finish(wanted); !finished) return finished;
  return pivot();
}

/// A handle of each view's source, for it may lie under what the stage covers. Of this namespace: the kernel
/// binds nothing of another one.
base::Result<std::vector<base::UniqueFd>> open_sources(const std::vector<Confinement::View>& views) {
  std::vector<base::UniqueFd> sources;
  for (const auto& view : views) {
    sources.emplace_back(::open(view.source.c_str(), O_PATH | O_CLOEXEC));
    if (!sources.back().valid()) return base::errno_error("a view of " + view.source, errno);
  }
  return sources;
}

}  // namespace

base::Status enter_private_root(const Confinement& wanted) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mounts of its own");
  const auto sources = open_sources(wanted.views);
  if (!sources) return sources.error();
  if (auto stage = mount_memory(kStage, "mode=755,size=1m"); !stage) return stage;
  auto built = build(wanted, *sources);
  if (!built) ::umount2(kStage.c_str(), MNT_DETACH);
  return built;
}

}  // namespace proc
