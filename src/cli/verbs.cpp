// SPDX-License-Identifier: Apache-2.0
#include "cli/line/verbs.h"

#include "base/text/nearest.h"
#include "cli/check/check.h"
#include "cli/check/check_options.h"
#include "cli/deploy/deploy.h"
#include "cli/deploy/deploy_options.h"
#include "cli/doctor/doctor.h"
#include "cli/events/events.h"
#include "cli/help/completions.h"
#include "cli/help/help.h"
#include "cli/help/man.h"
#include "cli/help/schema.h"
#include "cli/invoke/invoke.h"
#include "cli/invoke/invoke_options.h"
#include "cli/new/new.h"
#include "cli/pack/pack.h"
#include "cli/pack/pack_options.h"
#include "cli/remote/logs.h"
#include "cli/remote/rollback.h"
#include "cli/serve/serve.h"
#include "cli/serve/serve_options.h"
#include "cli/test/test.h"
#include "cli/test/test_options.h"

#include <algorithm>
#include <array>

namespace cli {
namespace {

constexpr std::array kVerbs = {
    Verb{"new", "make a folder with a function that works, of one of eight kinds", &new_function,
         &show_new_line},
    Verb{"invoke", "run a function on one or more events; the response goes to standard output", &invoke,
         &show_invoke_line},
    Verb{"serve", "serve a function to AWS SDKs and the AWS CLI on 127.0.0.1", &serve, &show_serve_line},
    Verb{"test", "run the cases in a function's folder tests/ and compare the answers", &test,
         &show_test_line},
    Verb{"events", "list and print sample events of AWS services", &events, &show_events_line},
    Verb{"check", "look through a package for what would keep it from running on Lambda", &check,
         &show_check_line},
    Verb{"pack", "check a function's folder and make the zip of it that Lambda takes", &pack,
         &show_pack_line},
    Verb{"deploy", "bring a function's folder to AWS by your own AWS CLI; a plan first", &deploy,
         &show_deploy_line},
    Verb{"rollback", "let the alias of a deployed function lead to an older version again", &rollback,
         &show_rollback_line},
    Verb{"logs", "print the log of a deployed function, and follow it", &logs, &show_logs_line},
    Verb{"doctor", "say what this machine lacks for which verb", &doctor, &show_doctor_line},
    Verb{"schema", "print the JSON schema of shellstrap.json", &schema, &show_schema_line},
    Verb{"completions", "print completions for bash, zsh or fish", &completions, &show_completions_line},
    Verb{"man", "print a page of the manual", &man, &show_man_line},
    Verb{"help", "tell all about a verb", &help, &show_help_line},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

const Verb* find_verb(std::string_view name) {
  const auto* found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : found;
}

std::vector<std::string_view> verb_names() {
  std::vector<std::string_view> names;
  for (const auto& verb : kVerbs) names.push_back(verb.name);
  return names;
}

std::string unknown_verb(std::string_view name) {
  return "there is no verb \"" + std::string(name) + "\"." + base::did_you_mean(name, verb_names());
}

}  // namespace cli
