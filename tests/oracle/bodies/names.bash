# shellcheck shell=bash disable=all
# What a function finds: functions, variables, aliases, commands, descriptors.

## CompgenFunction
handler() {
  compgen -A function h
}

## CompgenFunctionOfTheFile
a_function() { :; }
handler() {
  compgen -A function a_
}

## DeclaredFunctions
handler() {
  declare -f handler
  declare -F handler
  type handler
}

## DeclaredVariables
x=1
declare -i n=5
declare -rx r=2
declare -A map=([a]=b)
handler() {
  declare -p x n r map
}

## DeclaredVariablesOfTheFileByPrefix
my_a=1
my_b=2
handler() {
  echo "${!my_@}"
  compgen -v my_
}

## LocalVariablesAreNone
handler() {
  local
  local x=1
  local
}

## ExportedVariables
export mine=1
handler() {
  env | grep -E '^(mine|_shell|HOME|PATH)=' | sort
}

## AllExportOfTheFile
set -a
mine=1
handler() {
  later=2
  env | grep -E '^(mine|later|_shell|EVENT)' | sort
}

## Environment
handler() {
  env | grep -v -E '^(_|AWS_LAMBDA_REQUEST_ID|LAMBDA_RUNTIME_AWS_REQUEST_ID)=' | sort
}

## ExportedFunction
inner() { echo "inner $1"; }
export -f inner
handler() {
  bash -c 'inner x'
}

## AliasOfTheFile
shopt -s expand_aliases
alias hello='echo hi'
alias echo='printf aliased:%s\\n'
handler() {
  hello
  echo x
  alias
}

## AliasInFunction
handler() {
  shopt -s expand_aliases
  alias x='echo x'
  eval 'x'
}

## BuiltinsAreRedefined
echo() { builtin echo "mine: $*"; }
printf() { builtin echo "printf: $*"; }
trap() { builtin echo trap; }
set() { builtin echo set; }
read() { builtin echo read; }
handler() {
  echo a
  printf b
}

## CommandNotFoundHandle
command_not_found_handle() {
  echo "no $1"
  return 44
}
handler() {
  no_such_command_anywhere
}

## BuiltinIsDisabledByTheFile
enable -n test
handler() {
  type -t test
}

## HashOfTheFile
hash -p /bin/true mine
handler() {
  hash -t mine
  mine
}

## HashIsEmpty
handler() {
  hash
}

## TypeOfThings
handler() {
  type -t if echo handler cat
  type cat
}

## CompletionIsNone
handler() {
  complete
  echo "$?"
}

## HistoryIsNone
handler() {
  history
  set -o | grep history
}

## ExecutionString
handler() {
  echo "${BASH_EXECUTION_STRING:+there is one}"
}

## ShellLevel
handler() {
  echo "$SHLVL"
}

## BashArgv
handler() {
  echo "${#BASH_ARGV[@]} ${BASH_ARGV[0]-none}"
}

## ExtdebugOfTheFile
shopt -s extdebug
handler() {
  echo "${#BASH_ARGV[@]} ${BASH_ARGV[0]}"
  inner() { echo "${BASH_ARGV[0]} ${BASH_ARGC[0]}"; }
  inner a b
}

## ExtdebugAndDebugTrapOfTheFile
set -T
shopt -s extdebug
trap '[[ $BASH_COMMAND != *skip* ]]' DEBUG
handler() {
  echo skip
  echo kept
}

## Callers
handler() {
  caller
  inner() { caller 0; }
  inner
}

## FunctionNames
handler() {
  inner() { echo "${FUNCNAME[*]}"; }
  inner
}

## SourcesAndLines
handler() {
  echo "${#BASH_SOURCE[@]} ${BASH_SOURCE[0]##*/} ${BASH_LINENO[*]}"
}

## SubshellDepth
handler() {
  echo "$BASH_SUBSHELL"
  (echo "$BASH_SUBSHELL")
}

## ProcessNumbers
handler() {
  [[ $$ == "$BASHPID" ]] && echo same
  (
    [[ $$ == "$BASHPID" ]] || echo different
  )
}

## Seconds
handler() {
  echo "$SECONDS"
}

## SecondsOfTheFile
SECONDS=500
handler() {
  echo "$SECONDS"
}

## RandomWithASeedInFunction
handler() {
  RANDOM=42
  echo "$RANDOM $RANDOM"
}

## ReadonlyOfTheFile
readonly x=1
handler() {
  x=2
  echo no
}

## TmoutOfTheFile
TMOUT=1
handler() {
  echo "$TMOUT"
}

## OptindOfTheFile
handler() {
  echo "$OPTIND"
  while getopts ab opt -a -b; do echo "$opt"; done
}

## MapfileAndReply
handler() {
  mapfile -t lines
  echo "${#lines[@]} ${lines[0]}"
  echo "${REPLY-unset} ${MAPFILE-unset}"
}

## DescriptorsOfTheFile
exec 7<<<"from the file"
handler() {
  [[ -e /proc/$BASHPID/fd/7 ]] && echo open
}

## ParentProcess
handler() {
  [[ $PPID -gt 1 ]] && echo yes
}

## InteractiveIsOff
handler() {
  [[ $- == *i* ]] || echo no
  shopt login_shell
  shopt restricted_shell
}

## PromptsAreNone
handler() {
  echo "${PS1-unset} ${PS2-unset} ${PS4-unset}"
}

## EventIsTheArgumentAndTheInput
handler() {
  [[ "$1" == "$(cat)"$'\n' ]] && echo same
}

## LocaleOfTheFile
LC_ALL=C
handler() {
  x=é
  echo "${#x}"
}

## NullglobOfTheFile
shopt -s nullglob
handler() {
  echo /nonexistent/*
}

## FailglobOfTheFile
shopt -s failglob
handler() {
  echo /nonexistent/*
  echo "status $?"
}

## NoclobberOfTheFile
set -C
handler() {
  echo x >function.sh
  echo "status $?"
}

## NoglobOfTheFile
set -f
handler() {
  echo /*
}

## BashCommand
handler() {
  echo "$BASH_COMMAND"
}

## FunctionNestDepth
FUNCNEST=1
handler() {
  inner() { echo inner; }
  inner
  echo "status $?"
}

## GlobalVariablesOfOneCallAreNotThereInTheNext
handler() {
  echo "${seen-new}"
  seen=old
  set -e
  trap 'echo bye' EXIT
}

## TimeFormat
TIMEFORMAT=timed
handler() {
  time true
}

## CheckjobsAndHuponexit
shopt -s checkjobs huponexit
handler() {
  sleep 0.01 &
  wait $!
  exit 3
}
