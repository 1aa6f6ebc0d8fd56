# shellcheck shell=bash disable=all
# return, exit, exec, and their statuses.

## ReturnZero
handler() {
  false
  return 0
}

## ReturnNothing
handler() {
  (exit 8)
  return
}

## ExitNothing
handler() {
  (exit 8)
  exit
}

## ExitLarge
handler() {
  exit 256
}

## ExitNegative
handler() {
  exit -1
}

## ReturnLarge
handler() {
  return 511
}

## ExitWithNonsense
handler() {
  exit many
}

## ExitWithTwoArguments
handler() {
  exit 1 2
  echo "status $?"
}

## ReturnWithNonsense
handler() {
  return many
  echo "status $?"
}

## StatusOfTheLastCommand
handler() {
  echo out
  (exit 12)
}

## MissingCommand
handler() {
  no_such_command_anywhere
}

## NotExecutable
handler() {
  /etc/passwd
}

## NotExecutableDirectory
handler() {
  /etc
}

## ExitInASubshell
handler() {
  (exit 5)
  echo "status $?"
}

## ReturnInASubshell
handler() {
  (return 5)
  echo "status $?"
}

## ReturnInASubshellOfANestedFunction
handler() {
  inner() { (return 5; echo no); echo "inner $?"; return 6; }
  inner
  echo "status $?"
}

## ExitInASubstitution
handler() {
  x=$(echo y; exit 5)
  echo "status $? $x"
}

## ExitInANestedFunction
inner() {
  echo inner
  exit 11
}
handler() {
  inner
  echo not reached
}

## ExitFourFunctionsDown
a() { b; echo no; }
b() { c; echo no; }
c() { d; echo no; }
d() { exit 21; }
handler() {
  a
}

## ExitInALoop
handler() {
  while :; do
    exit 3
  done
}

## ReturnInALoop
handler() {
  for i in 1 2; do
    return 3
  done
}

## BreakOutsideOfALoop
handler() {
  break
  echo "status $?"
  continue 2
  echo "status $?"
}

## ExitInEval
handler() {
  eval 'echo a; exit 4'
  echo not reached
}

## ReturnInEval
handler() {
  eval 'echo a; return 4'
  echo not reached
}

## ExecReplaces
handler() {
  exec sh -c 'echo replaced; exit 6'
}

## ExecOfWhatIsNotThere
handler() {
  exec /nonexistent/program
  echo "not reached $?"
}

## ExecRedirections
handler() {
  exec 2>&1
  no_such_command_anywhere
  exec >/dev/null
  echo not seen
  return 4
}

## ExecClosesTheOutputs
handler() {
  exec >&- 2>&-
  echo not seen
  exit 3
}

## ExecRedirectsStandardInput
handler() {
  exec <<<"other"
  cat
}

## ExitWithOutputsRedirected
handler() {
  { echo out; exit 0; } 2>/dev/null
}

## ExitWithStandardErrorToTheAnswer
set -e
handler() {
  { echo out; exit 2; } 2>&1
}

## ExitInAGroupThatIsRedirected
set -e
handler() {
  {
    echo to the log >&2
    exit 0
  } >/dev/null
}

## ExitInAWhileThatReads
set -e
handler() {
  while read -r line; do
    echo "got $line"
    exit 0
  done
}

## ReadsTheEventLineByLine
handler() {
  while read -r line; do echo "$line"; done
  return 2
}

## ReturnFromASourcedText
handler() {
  source /dev/stdin <<<'echo sourced; return 4'
  echo "status $?"
}

## ExitFromASourcedText
handler() {
  source /dev/stdin <<<'echo sourced; exit 4'
  echo "status $?"
}

## FunctionCallsItself
handler() {
  [[ $1 != aaa* ]] || return 9
  handler "a$1"
  echo "status $?"
}

## FunctionRedefinesItself
handler() {
  handler() { echo "second $1"; return 3; }
  handler again
}

## FunctionUnsetsItself
handler() {
  unset -f handler
  type handler
  return 5
}

## FunctionIsASubshell
body() (
  echo "in"
  exit 4
)
handler() {
  body
  echo "status $?"
}

## Command
handler() {
  command exit 4
  echo not reached
}

## BuiltinReturn
handler() {
  builtin return 4
  echo not reached
}

## ExitWithinATest
handler() {
  if exit 4; then echo no; fi
}

## ExitWithinAnOrList
handler() {
  false || exit 4
  echo no
}

## ExitWithinANegation
handler() {
  ! exit 4
}

## ReturnWithinANegation
handler() {
  ! return 4
}
