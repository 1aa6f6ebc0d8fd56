// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/deploy_options.h"

#include "cli/deploy/function_target.h"
#include "cli/deploy/names.h"
#include "cli/line/raw_texts.h"
#include "cli/line/verb_line.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Deploys a function's folder through your own AWS CLI: packs and checks it, makes a role that can\n"
    "write the function's log where there is none, and moves an alias to a new version when everything\n"
    "else has been done. Says what it would do; does it with --yes.\n";

constexpr auto kEpilogue =
    "Settings are in deploy.json of the folder, which is never packed:\n"
    "  name, alias, region  of the function (default: the folder's name; live; the AWS CLI's)\n"
    "  handler, arch        as of shellstrap pack\n"
    "  memory, timeout      MB, seconds\n"
    "  role                 its name or ARN (default: the function's name); made where it is missing\n"
    "  layers               ARNs of versions, and zip files, which are published; five at most\n"
    "  bootstrap            package (default), or layer: one of the layers has it\n"
    "  environment          all variables of the function, {\"NAME\": \"value\"}\n"
    "  tags                 {\"name\": \"value\"}; others of the function stay\n"
    "  url, invoke_mode     true: with a URL; BUFFERED or RESPONSE_STREAM\n"
    "What is not said stays as it is. Values of variables are never printed, and are in no command.\n\n"
    "A URL is for callers with AWS credentials (AWS_IAM) unless --public is said, each time.\n\n"
    "The alias's ARN and the URL go to standard output, everything else to standard error.\n\n"
    "Exit status: 0 done, or nothing to do; 1 a step failed, and the alias has the version that it had, or\n"
    "check found errors; 2 refused before anything was changed; 130 after Ctrl-C (128 + signal).\n\n"
    "Examples:\n"
    "  shellstrap deploy hello/\n"
    "  shellstrap deploy hello/ --env-file secrets.env --arch arm64 --yes\n"
    "  shellstrap deploy page/ --public --yes";
// clang-format on

struct Parsed {
  DeployOptions options;
  DeploySettings said;
  std::vector<std::string> variables;
};

void describe(CLI::App& app, Parsed& parsed) {
  auto& [options, said, variables] = parsed;
  options.folder = ".";
  app.add_option("DIR", options.folder, "the function's folder (default: the current one)");
  app.add_option("--name", said.name, "the function's name")->option_text("NAME");
  app.add_option("--alias", said.alias, "the alias to move (default: live)")->option_text("ALIAS");
  app.add_option("--region", said.region, "default: the AWS CLI's")->option_text("REGION");
  app.add_option("--handler", said.handler, "the function's handler setting")->option_text("HANDLER");
  app.add_option("--arch", said.arch, "x86_64 or arm64 (default: this machine's)")->option_text("ARCH");
  app.add_option("--role", said.role, "the role's name or ARN")->option_text("ROLE");
  add_texts(app, "--env", variables, "a variable of the function; may be repeated")
      ->option_text("NAME=VALUE");
  add_texts(app, "--env-file", options.variable_files, "lines of NAME=VALUE, # for comments; may be repeated")
      ->option_text("FILE");
  app.add_option("--bootstrap", options.bootstrap, "runtime to pack (default: the one beside shellstrap)")
      ->option_text("PATH");
  app.add_flag("--url", said.url, "with a URL, for callers with AWS credentials");
  app.add_flag("--public", options.is_public, "with a URL, for anybody");
  app.add_flag("--yes", options.yes, "do it");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

void prefer(std::string& target, const std::string& said) {
  if (!said.empty()) target = said;
}

void prefer(DeploySettings& settings, const DeploySettings& said) {
  prefer(settings.name, said.name);
  prefer(settings.alias, said.alias);
  prefer(settings.region, said.region);
  prefer(settings.handler, said.handler);
  prefer(settings.arch, said.arch);
  prefer(settings.role, said.role);
  settings.url = settings.url || said.url;
}

std::string wrong_word(const DeploySettings& said) {
  const auto is_bad = [](const std::string& text, bool (*fits)(std::string_view)) {
    return !text.empty() && !fits(text);
  };
  if (is_bad(said.name, is_function_name)) return "--name takes 1 to 64 letters, digits, - and _";
  if (is_bad(said.alias, is_alias_name)) return "--alias takes letters, digits, - and _, not digits alone";
  if (is_bad(said.region, is_region)) return "--region takes a region, as eu-central-1";
  if (is_bad(said.handler, is_handler)) return "--handler takes no blanks, and 128 characters at most";
  if (is_bad(said.arch, is_architecture)) return "--arch takes x86_64 or arm64";
  return is_bad(said.role, is_role) ? "--role takes the name or the ARN of a role" : "";
}

/// As of every verb, files first, so that --env wins; both win over deploy.json.
base::Status add_variables(DeployOptions& options, const std::vector<std::string>& variables) {
  Variables said;
  for (const auto& path : options.variable_files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::Error{"--env-file \"" + path + "\" cannot be read: is it there?"};
    const auto lines = parse_variables(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!lines) return base::Error{"--env-file \"" + path + "\", " + lines.error().message};
    said.insert(said.end(), lines->begin(), lines->end());
  }
  for (const auto& text : variables) {
    auto variable = parse_variable(text);
    if (!variable) return base::Error{"--env " + variable.error().message};
    said.push_back(*std::move(variable));
  }
  if (said.empty()) return base::Done{};
  auto& all = options.settings.environment;
  if (!all) all.emplace();
  all->insert(all->end(), said.begin(), said.end());
  return base::Done{};
}

}  // namespace

std::variant<DeployOptions, int> parse_deploy_options(const Arguments& arguments, const Context& context) {
  Parsed parsed;
  auto& options = parsed.options;
  CLI::App app(kDescription, "shellstrap deploy");
  describe(app, parsed);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (const auto wrong = wrong_word(parsed.said); !wrong.empty()) return refuse(app, wrong);
  auto settings = read_function_folder(options.folder, parsed.said.name);
  if (!settings) return refuse(context, settings.error());
  options.settings = *std::move(settings);
  prefer(options.settings, parsed.said);
  if (const auto added = add_variables(options, parsed.variables); !added)
    return refuse(context, added.error());
  return std::move(options);
}

void show_deploy_line(const LineReader& read) {
  Parsed parsed;
  CLI::App app(kDescription, "shellstrap deploy");
  describe(app, parsed);
  read(app);
}

}  // namespace cli
