// SPDX-License-Identifier: Apache-2.0
#include "handler/program/interpreters.h"

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

}  // namespace

// A version begins at the first digit: "perl5.36-x86_64-linux-gnu".
std::string_view program_name(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.find_first_of("0123456789"));
}

bool runs_stdin_as_code(std::string_view path) {
  return std::find(kInterpreters.begin(), kInterpreters.end(), program_name(path)) != kInterpreters.end();
}

}  // namespace handler
