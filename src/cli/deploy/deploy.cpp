// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/deploy.h"

#include "base/io/memory_file.h"
#include "cli/aws/aws.h"
#include "cli/aws/private_folder.h"
#include "cli/deploy/carry_out.h"
#include "cli/deploy/deploy_options.h"
#include "cli/deploy/names.h"
#include "cli/deploy/plan.h"
#include "cli/deploy/present.h"
#include "cli/deploy/wanted.h"
#include "cli/line/verb_line.h"
#include "cli/pack/pack.h"
#include "cli/pack/pack_options.h"
#include "cli/package/check_package.h"
#include "emulator/environment/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

void print(int fd, const std::string& text) {
  [[maybe_unused]] const auto given_up = base::write_all(fd, text);
}

void say(const std::string& line) {
  print(STDERR_FILENO, line + "\n");
}

void say_command(const std::string& line) {
  say("    " + line);
}

/// A function that is new needs a handler; what the folder does not say the service would not know.
base::Status check_handler(const DeployOptions& options) {
  const auto& settings = options.settings;
  const auto is_command = [](const auto& variable) { return variable.first == "SHELLSTRAP_COMMAND"; };
  std::error_code ignored;
  const bool has_command = fs::exists(options.folder + "/shellstrap.json", ignored) ||
                           std::ranges::any_of(settings.environment.value_or(Variables{}), is_command);
  if (!settings.handler.empty() || has_command) return base::Done{};
  return base::Error{"a handler is missing: say --handler, or \"handler\" in " + options.folder +
                     "/deploy.json"};
}

/// Variables belong into no package: whoever may read a function's code would read them.
base::Status check_secrets(const DeployOptions& options, const Package& package) {
  std::error_code ignored;
  const auto folder = fs::canonical(options.folder, ignored);
  for (const auto& file : options.variable_files) {
    const auto path = fs::canonical(file, ignored).lexically_relative(folder).string();
    if (package.find(path) != nullptr)
      return base::Error{"--env-file " + file + " would be packed: name it in " + options.folder +
                         "/.shellstrapignore, or put it elsewhere"};
  }
  return base::Done{};
}

/// One run of the verb, on the worker's thread.
class Deployment {
 public:
  Deployment(const DeployOptions& options, const Context& context, int stop_fd)
      : options_(options), context_(context), stop_fd_(stop_fd) {}

  int run() {
    if (const auto checked = check_handler(options_); !checked) return refuse(context_, checked.error());
    auto aws = Aws::find(context_.environment, options_.settings.region, stop_fd_);
    if (!aws) return refuse(context_, aws.error());
    if (const auto checked = aws->check_version(); !checked) return refuse(context_, checked.error());
    const auto folder = PrivateFolder::create(context_.environment);
    if (!folder) return refuse(context_, folder.error());
    if (const int status = pack_into(folder->path(kZip)); status != kSuccess) return status;
    auto wanted = want(*folder);
    if (!wanted) return refuse(context_, wanted.error());
    aws->hide(Hidden(values(*wanted)));
    const auto present = read_present(*aws, *wanted);
    if (!present) return refuse(context_, present.error());
    return carry_out(*aws, *wanted, *present, *folder);
  }

 private:
  static constexpr auto kZip = "function.zip";

  [[nodiscard]] int pack_into(const std::string& zip) const {
    PackOptions pack;
    const auto& settings = options_.settings;
    pack.check.package = options_.folder;
    pack.check.handler = settings.handler;
    pack.check.is_arm = settings.arch.empty() ? is_arm_machine() : settings.arch == "arm64";
    for (const auto& layer : settings.layers.value_or(std::vector<std::string>{}))
      if (!is_arn(layer)) pack.check.layers.push_back((fs::path(options_.folder) / layer).string());
    pack.in_layer = settings.bootstrap_in_layer;
    pack.bootstrap = options_.bootstrap;
    pack.output = zip;
    return write_package(pack, context_);
  }

  [[nodiscard]] base::Result<Wanted> want(const PrivateFolder& folder) const {
    const auto zip = folder.path(kZip);
    const auto package = open_package(zip);
    if (!package) return package.error();
    if (auto checked = check_secrets(options_, *package); !checked) return checked.error();
    auto code = read_upload(zip);
    if (!code) return base::Error{"the function's zip: " + code.error().message};
    auto options = options_;
    if (options.settings.arch.empty()) options.settings.arch = is_arm_machine() ? "arm64" : "x86_64";
    return make_wanted(options, *std::move(code), folder.path("layer"));
  }

  static std::vector<std::string> values(const Wanted& wanted) {
    std::vector<std::string> all;
    for (const auto& [name, value] : wanted.environment.value_or(std::map<std::string, std::string>{}))
      all.push_back(value);
    return all;
  }

  int carry_out(Aws& aws, const Wanted& wanted, const Present& present, const PrivateFolder& folder) {
    const auto steps = plan(wanted, present);
    const auto& settings = wanted.settings;
    say("account " + present.account + ", function " + settings.name + ", alias " + settings.alias + ": " +
        (present.alias ? "version " + present.alias->version : "new") +
        (steps.empty() ? "; nothing to do" : ""));
    if (const auto able = check_cli(aws, steps); !able) return refuse(context_, able.error());
    if (!steps.empty() && !options_.yes) return show(aws, steps);
    Executor executor(aws, wanted, present, folder, say_command);
    for (const auto& step : steps) {
      say("  " + step.what);
      if (const auto done = executor.carry_out(step); !done) return fail(aws, step, done.error());
    }
    print_result(executor, present);
    return kSuccess;
  }

  /// That it knows the condition of calls through a URL is asked of itself: without it the step would fail
  /// when the URL is there already.
  static base::Status check_cli(Aws& aws, const std::vector<Step>& steps) {
    constexpr std::string_view kOption = "--invoked-via-function-url";
    const auto needs = [&](const Step& step) {
      return std::ranges::find(step.words, kOption) != step.words.end();
    };
    if (std::ranges::none_of(steps, needs)) return base::Done{};
    const auto answer = aws.call({"lambda", "add-permission", "--generate-cli-skeleton"});
    const auto* skeleton = std::get_if<std::string>(&answer);
    if (skeleton != nullptr && skeleton->find("InvokedViaFunctionUrl") != std::string::npos)
      return base::Done{};
    return base::Error{
        "this AWS CLI does not know " + std::string(kOption) +
        ", without which everybody could call the function past its URL: --public needs 1.42.50, "
        "or a version 2 of October 2025 or newer"};
  }

  static int show(const Aws& aws, const std::vector<Step>& steps) {
    for (const auto& step : steps) {
      say("  " + step.what);
      say_command(aws.shown(step.words));
    }
    say("nothing was changed; --yes does it");
    return kSuccess;
  }

  /// What the alias leads to is asked for: an answer may have been lost behind a change.
  int fail(Aws& aws, const Step& step, const base::Error& error) const {
    context_.logger.error(step.what + ": failed: " + error.message);
    const auto& settings = options_.settings;
    const auto alias = find_alias(aws, settings.name, settings.alias);
    if (alias && *alias) say("The alias " + settings.alias + " leads to version " + (**alias).version);
    say("Deploying again goes on from here");
    return kFunctionError;
  }

  static void print_result(const Executor& executor, const Present& present) {
    const auto alias = present.alias ? present.alias->arn : executor.learned(kAliasWord);
    const auto made = executor.learned(kUrlWord);
    const auto url = made.empty() && present.url ? present.url->address : made;
    print(STDOUT_FILENO, alias + "\n" + (url.empty() ? "" : url + "\n"));
  }

  const DeployOptions& options_;
  const Context& context_;
  const int stop_fd_;
};

}  // namespace

int deploy(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_deploy_options(arguments, context);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<DeployOptions>(parsed);
  return emulator::run_until_signal(
      context.signals, [&](int stop_fd) { return Deployment(options, context, stop_fd).run(); }, [] {});
}

}  // namespace cli
