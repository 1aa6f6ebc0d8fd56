// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/needs.h"

#include "cli/line/paths.h"
#include "cli/line/verbs.h"
#include "handler/program/elf.h"
#include "handler/program/inspect.h"

#include <array>
#include <fstream>

namespace cli {
namespace {

struct Row {
  std::string_view verb, what, purpose, remedy;
};

constexpr std::string_view kBootstrap = "bootstrap";
constexpr std::string_view kNamespaces = "user namespaces";
constexpr std::string_view kBuilt =
    "it belongs beside shellstrap: install or build both, or name one with --bootstrap";
constexpr std::string_view kBash = "apt-get install bash";
constexpr std::string_view kAws = "pip install awscli, or apt-get install awscli; 1.29, 2.13 or newer";

// A new verb that uses more than this program has its rows here.
constexpr std::array kRows = {
    Row{"invoke", kBootstrap, "", kBuilt},
    Row{"invoke", "bash", "for shell functions, FILE.FUNCTION", kBash},
    Row{"invoke", kNamespaces, "for the folders of --like-lambda",
        "as root: sysctl user.max_user_namespaces=10000"},
    Row{"invoke", "aws", "for --remote", kAws},
    Row{"serve", kBootstrap, "", kBuilt},
    Row{"serve", "bash", "for shell functions, FILE.FUNCTION", kBash},
    Row{"serve", "aws", "to call it with the AWS CLI", kAws},
    Row{"test", kBootstrap, "", kBuilt},
    Row{"test", "bash", "for shell functions, FILE.FUNCTION", kBash},
    Row{"pack", kBootstrap, "without --layer", kBuilt},
    Row{"deploy", kBootstrap, "", kBuilt},
    Row{"deploy", "aws", "by which it works", kAws},
    Row{"rollback", "aws", "by which it works", kAws},
    Row{"logs", "aws", "by which it works", kAws},
    Row{"man", "man", "to read the pages", "apt-get install man-db"},
};

/// A kernel without the file has no such limit; one without namespaces has no file of them either.
std::string namespaces() {
  constexpr auto kOwn = "/proc/self/ns/user";
  std::ifstream limit("/proc/sys/user/max_user_namespaces");
  long most = 1;
  limit >> most;
  return std::ifstream(kOwn).good() && most > 0 ? kOwn : "";
}

std::string place_of(std::string_view what, const base::Environment& own) {
  if (what == kNamespaces) return namespaces();
  if (what == kBootstrap) {
    auto bootstrap = find_bootstrap("", handler::own_machine());
    return bootstrap ? *std::move(bootstrap) : "";
  }
  return handler::find_on_path(std::string(what), own.get_or("PATH", ""), "/").value_or("");
}

}  // namespace

std::vector<Need> needs(const base::Environment& own) {
  std::vector<Need> all;
  for (const auto& row : kRows)
    all.push_back({row.verb, std::string(row.what), std::string(row.purpose), place_of(row.what, own),
                   std::string(row.remedy)});
  return all;
}

}  // namespace cli
