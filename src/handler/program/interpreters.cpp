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

constexpr std::string_view kDigits = "0123456789";

// "5.36-x86_64-linux-gnu", "3.13t": numbers, a letter for the kind of build, the machine.
bool is_version(std::string_view text) {
  auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  if (end < text.size() && text[end] != '-') ++end;
  return text[end - 1] != '.' && (end == text.size() || text[end] == '-');
}

}  // namespace

std::string_view program_name(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto digit = name.find_first_of(kDigits);
  return digit != std::string_view::npos && is_version(name.substr(digit)) ? name.substr(0, digit) : name;
}

bool runs_stdin_as_code(std::string_view path) {
  return std::find(kInterpreters.begin(), kInterpreters.end(), program_name(path)) != kInterpreters.end();
}

}  // namespace handler
