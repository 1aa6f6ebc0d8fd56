// SPDX-License-Identifier: Apache-2.0
#include "handler/interpreters.h"

#include <algorithm>
#include <array>

namespace handler {
namespace {

constexpr std::array<std::string_view, 40> kInterpreters = {
    "sh",   "bash",   "rbash",  "dash",   "ash",    "ksh",  "mksh",    "zsh",    "fish",  "csh",
    "tcsh", "python", "pypy",   "perl",   "ruby",   "irb",  "node",    "nodejs", "deno",  "bun",
    "php",  "lua",    "luajit", "tclsh",  "expect", "R",    "Rscript", "julia",  "guile", "ocaml",
    "erl",  "elixir", "iex",    "groovy", "jshell", "pwsh", "sqlite",  "ed",     "ex",    "gdb",
};

// "python3.11" -> "python", "perl5.36-x86_64-linux-gnu" -> "perl": a version begins at the first digit.
std::string_view without_version(std::string_view name) {
  return name.substr(0, name.find_first_of("0123456789"));
}

}  // namespace

bool runs_stdin_as_code(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto bare = without_version(name);
  return std::find(kInterpreters.begin(), kInterpreters.end(), bare) != kInterpreters.end();
}

}  // namespace handler
