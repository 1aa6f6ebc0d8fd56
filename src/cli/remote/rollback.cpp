// SPDX-License-Identifier: Apache-2.0
#include "cli/remote/rollback.h"

#include "base/io/memory_file.h"
#include "base/text/text.h"
#include "cli/aws/aws.h"
#include "cli/deploy/deploy_options.h"
#include "cli/deploy/function_target.h"
#include "cli/deploy/names.h"
#include "cli/deploy/present.h"
#include "cli/line/verb_line.h"
#include "emulator/environment/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Lets the alias of a deployed function lead to an older version, through your own AWS CLI. Says what it\n"
    "would do; does it with --yes. Versions never change, so nothing else has to be undone.\n";

constexpr auto kEpilogue =
    "Without --to it is the version before the one that the alias leads to now. The way back is the same\n"
    "verb with --to, or the next shellstrap deploy.\n\n"
    "Exit status: 0 done, or nothing to do; 1 the service did not do it; 2 refused before anything was\n"
    "changed; 130 after Ctrl-C (128 + signal).\n\n"
    "Examples:\n"
    "  shellstrap rollback hello/\n"
    "  shellstrap rollback hello --to 3 --yes";
// clang-format on

struct RollbackOptions {
  std::string function;
  std::string alias;
  std::string region;
  std::string to;
  bool yes = false;
};

void describe(CLI::App& app, RollbackOptions& options) {
  app.add_option("FUNCTION", options.function, "its name, or its folder (default: the current one)");
  app.add_option("--to", options.to, "the version (default: the one before)")->option_text("VERSION");
  app.add_option("--alias", options.alias, "default: as in deploy.json; live")->option_text("ALIAS");
  app.add_option("--region", options.region, "default: as in deploy.json; the AWS CLI's")
      ->option_text("REGION");
  app.add_flag("--yes", options.yes, "do it");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

std::variant<RollbackOptions, int> parse(const Arguments& arguments) {
  RollbackOptions options;
  CLI::App app(kDescription, "shellstrap rollback");
  describe(app, options);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (!options.to.empty() && !is_version(options.to))
    return refuse(app, "--to takes the number of a version");
  if (!options.alias.empty() && !is_alias_name(options.alias))
    return refuse(app, "--alias takes letters, digits, - and _, not digits alone");
  if (!options.region.empty() && !is_region(options.region))
    return refuse(app, "--region takes a region, as eu-central-1");
  return options;
}

std::uint64_t number_of(const std::string& version) {
  return is_version(version) ? std::stoull(version) : 0;
}

/// Of all that were published and not deleted, oldest first.
base::Result<std::vector<std::string>> list_versions(Aws& aws, const std::string& function) {
  const auto answer = aws.call(
      {"lambda", "list-versions-by-function", "--function-name", function, "--query", "Versions[].Version"});
  if (const auto* refusal = std::get_if<AwsRefusal>(&answer)) return base::Error{refusal->text()};
  const auto listed = nlohmann::json::parse(std::get<std::string>(answer), nullptr, false);
  std::vector<std::string> versions;
  for (const auto& each : listed.is_array() ? listed : nlohmann::json::array())
    if (each.is_string() && is_version(each.get<std::string>())) versions.push_back(each.get<std::string>());
  std::ranges::sort(versions, {}, number_of);
  return versions;
}

base::Result<std::string> choose(const std::vector<std::string>& versions, const std::string& now,
                                 const std::string& wanted) {
  const auto there = "; there are: " + base::join(versions, " ");
  if (!wanted.empty()) {
    if (std::ranges::find(versions, wanted) != versions.end()) return wanted;
    return base::Error{"there is no version " + wanted + there};
  }
  const auto newer = std::ranges::lower_bound(versions, number_of(now), {}, number_of);
  if (newer == versions.begin()) return base::Error{"there is no version before " + now + there};
  return *(newer - 1);
}

/// One run of the verb, on the worker's thread.
class Rollback {
 public:
  Rollback(const RollbackOptions& options, FunctionTarget target, const Context& context, int stop_fd)
      : options_(options), target_(std::move(target)), context_(context), stop_fd_(stop_fd) {}

  int run() {
    auto aws = Aws::find(context_.environment, target_.region, stop_fd_);
    if (!aws) return refuse(context_, aws.error());
    if (const auto checked = aws->check_version(); !checked) return refuse(context_, checked.error());
    const auto alias = find_alias(*aws, target_.name, target_.qualifier);
    if (!alias) return refuse(context_, alias.error());
    if (!*alias) return refuse(context_, {what() + " is not there: was it deployed?"});
    const auto versions = list_versions(*aws, target_.name);
    if (!versions) return refuse(context_, versions.error());
    const auto to = choose(*versions, (*alias)->version, options_.to);
    if (!to) return refuse(context_, {what() + ": " + to.error().message});
    return move(*aws, **alias, *to);
  }

 private:
  [[nodiscard]] std::string what() const { return target_.name + ", alias " + target_.qualifier; }

  int move(Aws& aws, const Alias& alias, const std::string& to) const {
    const bool is_there = alias.version == to && !alias.is_split;
    say(what() + ": version " + alias.version + (is_there ? " already; nothing to do" : " -> " + to));
    if (is_there) return kSuccess;
    std::vector<std::string> words = {"lambda", "update-alias",    "--function-name",    target_.name,
                                      "--name", target_.qualifier, "--function-version", to};
    if (alias.is_split)
      words.insert(words.end(), {"--routing-config", R"({"AdditionalVersionWeights": {}})"});
    if (!alias.revision.empty()) words.insert(words.end(), {"--revision-id", alias.revision});
    say("    " + aws.shown(words));
    if (!options_.yes) say("nothing was changed; --yes does it");
    if (!options_.yes) return kSuccess;
    const auto answer = aws.call(words);
    const auto* refusal = std::get_if<AwsRefusal>(&answer);
    if (refusal == nullptr) return kSuccess;
    context_.logger.error(what() + ": " + refusal->text());
    return kFunctionError;
  }

  static void say(const std::string& line) {
    [[maybe_unused]] const auto given_up = base::write_all(STDERR_FILENO, line + "\n");
  }

  const RollbackOptions& options_;
  const FunctionTarget target_;
  const Context& context_;
  const int stop_fd_;
};

}  // namespace

int rollback(const Arguments& arguments, const Context& context) {
  const auto parsed = parse(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<RollbackOptions>(parsed);
  auto target = find_function(options.function);
  if (!target) return refuse(context, target.error());
  if (!options.alias.empty()) target->qualifier = options.alias;
  if (target->qualifier.empty()) target->qualifier = kDefaultAlias;
  if (!is_alias_name(target->qualifier))
    return refuse(context, {"\"" + target->qualifier + "\" is no alias"});
  if (!options.region.empty()) target->region = options.region;
  return emulator::run_until_signal(
      context.signals, [&](int stop_fd) { return Rollback(options, *target, context, stop_fd).run(); },
      [] {});
}

void show_rollback_line(const LineReader& read) {
  RollbackOptions options;
  CLI::App app(kDescription, "shellstrap rollback");
  describe(app, options);
  read(app);
}

}  // namespace cli
