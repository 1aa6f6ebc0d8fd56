// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_dialects.h"

#include "base/text/text.h"
#include "handler/program/interpreters.h"

#include <algorithm>
#include <array>

namespace handler {
namespace {

using Kind = Dialect::Kind;

const std::array kDialects = {
    Dialect{.kind = Kind::interpreter,
            .names = "sh bash rbash dash ash ksh mksh zsh csh tcsh",
            .code = "c",
            .argument = "oO",
            .argument_words = "--rcfile --init-file",
            .code_is_first_operand = true,
            .reads_options_after_code = false},
    Dialect{.kind = Kind::interpreter,
            .names = "fish",
            .code = "cC",
            .code_words = "--command --init-command",
            .argument = "d"},
    Dialect{.kind = Kind::interpreter,
            .names = "python pypy",
            .code = "c",
            .program = "m",
            .argument = "WX",
            .reads_options_after_code = false},
    Dialect{.kind = Kind::interpreter, .names = "perl", .code = "eE", .argument = "I", .joined = "iFMmxDV"},
    Dialect{.kind = Kind::interpreter, .names = "ruby", .code = "e", .argument = "IrCE", .joined = "iFxTWK"},
    Dialect{
        .kind = Kind::interpreter,
        .names = "node nodejs bun",
        .code = "ep",
        .code_words = "--eval --print",
        .argument = "rC",
        .argument_words = "--require --import --loader --experimental-loader --env-file --conditions --title",
        .code_is_first_operand = true},
    Dialect{.kind = Kind::interpreter, .names = "deno", .code_words = "eval"},
    Dialect{.kind = Kind::interpreter,
            .names = "php",
            .code = "rRBE",
            .code_words = "--run --process-code --process-begin --process-end",
            .program = "f",
            .argument = "dczSt"},
    Dialect{.kind = Kind::interpreter, .names = "lua luajit", .code = "e", .argument = "l"},
    Dialect{.kind = Kind::interpreter, .names = "expect", .code = "c", .program = "f"},
    Dialect{.kind = Kind::interpreter,
            .names = "R Rscript ocaml groovy elixir iex",
            .code = "e",
            .code_words = "--eval --rpc-eval"},
    Dialect{.kind = Kind::interpreter, .names = "julia", .code = "eE", .code_words = "--eval --print"},
    Dialect{.kind = Kind::interpreter, .names = "guile", .code = "c", .program = "s"},
    Dialect{.kind = Kind::interpreter, .names = "erl", .code_words = "-eval"},
    Dialect{.kind = Kind::interpreter,
            .names = "pwsh",
            .code = "c",
            .code_words = "-Command -command -EncodedCommand -e -ec"},
    Dialect{.kind = Kind::interpreter, .names = "tclsh wish irb jshell"},

    Dialect{.kind = Kind::wrapper,
            .names = "env",
            .code = "S",
            .code_words = "--split-string",
            .argument = "uC",
            .argument_words = "--unset --chdir",
            .takes_assignments = true},
    Dialect{.kind = Kind::wrapper, .names = "nice", .argument = "n", .argument_words = "--adjustment"},
    Dialect{.kind = Kind::wrapper,
            .names = "timeout",
            .argument = "ks",
            .argument_words = "--kill-after --signal",
            .operands = 1},
    Dialect{.kind = Kind::wrapper,
            .names = "stdbuf",
            .argument = "ioe",
            .argument_words = "--input --output --error"},
    Dialect{.kind = Kind::wrapper, .names = "ionice", .argument = "cn"},
    Dialect{.kind = Kind::wrapper, .names = "chrt taskset chroot", .operands = 1},
    Dialect{.kind = Kind::wrapper, .names = "flock", .code = "c", .argument = "wE", .operands = 1},
    Dialect{.kind = Kind::wrapper, .names = "xargs", .argument = "adEILnPs"},
    Dialect{.kind = Kind::wrapper, .names = "sudo doas", .argument = "ugpCrtTUDh"},
    Dialect{.kind = Kind::wrapper, .names = "time", .argument = "fo"},
    Dialect{.kind = Kind::wrapper, .names = "nohup setsid busybox unshare"},

    Dialect{.names = "find", .program_words = "-exec -execdir -ok -okdir"},
    Dialect{.names = "su runuser script", .code = "c", .code_words = "--command"},
    Dialect{.names = "sed gsed",
            .code = "ef",
            .code_words = "--expression --file",
            .argument = "l",
            .joined = "i",
            .first_operand = "sed commands"},
    Dialect{.names = "awk gawk mawk nawk",
            .code = "efEil",
            .code_words = "--source --file --exec --include --load",
            .argument = "vF",
            .argument_words = "--assign --field-separator",
            .first_operand = "an awk program"},
    Dialect{.names = "jq",
            .code = "f",
            .code_words = "--from-file",
            .argument = "L",
            .argument_words = "--indent",
            .two_arguments = "--arg --argjson --slurpfile --rawfile",
            .first_operand = "a jq program"},
    Dialect{.names = "gdb", .code_words = "-ex -iex --eval-command --init-eval-command -x --command"},
    Dialect{.names = "vim vi ex nvim", .code = "cS", .code_words = "--cmd"},
    Dialect{.names = "sqlite", .code_words = "-cmd --cmd"},
};

}  // namespace

bool lists(std::string_view words, std::string_view word) {
  const auto parts = base::split(words, ' ');
  return !word.empty() && std::find(parts.begin(), parts.end(), word) != parts.end();
}

const Dialect* find_dialect(std::string_view path) {
  const auto name = program_name(path);
  const auto* const found = std::find_if(kDialects.begin(), kDialects.end(),
                                         [&](const Dialect& dialect) { return lists(dialect.names, name); });
  return found == kDialects.end() ? nullptr : found;
}

}  // namespace handler
