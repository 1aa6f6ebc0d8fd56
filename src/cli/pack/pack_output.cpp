// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

/// What open() would give a file; there is no other way to ask, and this program has one thread here.
mode_t mode_of_new_files() {
  const auto mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

base::Error fault(const std::string& path, int code) {
  return base::errno_error("cannot write \"" + path + "\"", code);
}

}  // namespace

PackOutput::PackOutput(std::string path, std::string aside, base::UniqueFd fd)
    : path_(std::move(path)), aside_(std::move(aside)), fd_(std::move(fd)) {}

PackOutput::PackOutput(PackOutput&& other) noexcept
    : path_(std::move(other.path_)), aside_(std::exchange(other.aside_, "")), fd_(std::move(other.fd_)) {}

PackOutput::~PackOutput() {
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

base::Result<PackOutput> PackOutput::create(const std::string& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    return base::Error{"--output \"" + path + "\" is there and no file. Name another one"};
  auto aside = path + ".XXXXXX";
  base::UniqueFd fd(::mkostemp(aside.data(), O_CLOEXEC));
  if (!fd.valid()) return fault(path, errno);
  return PackOutput(path, std::move(aside), std::move(fd));
}

base::Status PackOutput::publish() {
  if (::fchmod(fd_.get(), mode_of_new_files()) != 0) return fault(path_, errno);
  if (::fsync(fd_.get()) != 0) return fault(path_, errno);
  if (std::rename(aside_.c_str(), path_.c_str()) != 0) return fault(path_, errno);
  aside_.clear();
  return base::Done{};
}

}  // namespace cli
