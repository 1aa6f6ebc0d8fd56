// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/like_lambda.h"

#include "proc/setup/confine.h"

#include <filesystem>
#include <system_error>

namespace cli {
namespace {

// What the service's environments have: the user since provided.al2023, the folders since always.
constexpr uid_t kUser = 993;
constexpr gid_t kGroup = 990;
constexpr std::size_t kScratchBytes = 512U << 20U;
constexpr std::size_t kDescriptors = 1024;
constexpr auto kTask = "/var/task";
constexpr auto kRuntime = "/opt/bootstrap";
constexpr auto kLibraryPath =
    "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib";

proc::Confinement confinement(const std::string& task_root, const std::string& bootstrap) {
  return {kUser, kGroup, {{task_root, kTask}, {bootstrap, kRuntime}}, "/tmp", kScratchBytes, kDescriptors};
}

void tell(const base::Status& views, base::Logger& logger) {
  if (!views)
    logger.warn("--like-lambda: cannot have " + views.error().message +
                ". The function sees this machine's folders, as this user");
  logger.info("--like-lambda: programs, network and memory are this machine's");
}

/// Where the folders are Lambda's, so is what tells of them.
proc::Command runtime(const std::string& task_root, const std::string& bootstrap, bool has_views,
                      base::Environment environment) {
  const std::string program = has_views ? kRuntime : bootstrap;
  if (has_views) {
    environment.set("LAMBDA_TASK_ROOT", kTask);
    environment.set("LAMBDA_RUNTIME_DIR", "/var/runtime");
  }
  return {program, {program}, environment.strings(), has_views ? kTask : task_root};
}

}  // namespace

void make_like_lambda(emulator::Function& function, base::Environment& own) {
  std::error_code unreadable;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unreadable).string();
  function.launcher = {self, std::string(kLikeLambdaVerb), function.task_root};
  const auto inside = function.task_root + "/";
  if (function.handler.starts_with(inside)) function.handler.erase(0, inside.size());
  own.unset("PATH");
  function.environment.emplace(function.environment.begin(), "LD_LIBRARY_PATH", kLibraryPath);
}

int become_like_lambda(const Arguments& arguments, const Context& context) {
  if (arguments.size() != 2) {
    context.logger.error("like-lambda is no verb to type: see shellstrap invoke --like-lambda");
    return kUsageError;
  }
  const auto& task_root = arguments.front();
  const auto& bootstrap = arguments.back();
  const auto views = proc::confine(confinement(task_root, bootstrap));
  tell(views, context.logger);
  const auto why = proc::become(runtime(task_root, bootstrap, views.ok(), context.environment));
  context.logger.error("--like-lambda: " + why.message);
  return kUsageError;
}

}  // namespace cli
