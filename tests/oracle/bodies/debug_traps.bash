# shellcheck shell=bash disable=all
# DEBUG and RETURN traps, in the file and in the function, and all of them together.

## DebugTrap
handler() {
  trap 'echo "debug $BASH_COMMAND"' DEBUG
  echo a
  : b
}

## DebugTrapIsTakenBack
handler() {
  trap 'echo "debug $BASH_COMMAND"' DEBUG
  echo a
  trap - DEBUG
  echo b
}

## DebugTrapToStandardError
handler() {
  trap 'echo "debug $BASH_COMMAND" >&2' DEBUG
  echo a
  return 3
}

## DebugTrapAndExit
handler() {
  trap 'echo "debug $BASH_COMMAND"' DEBUG
  exit 3
}

## DebugTrapAndExitTrap
handler() {
  trap 'echo "exit $?"' EXIT
  trap 'echo "debug $BASH_COMMAND"' DEBUG
  return 3
}

## DebugTrapInANestedFunction
handler() {
  inner() { echo inner; }
  trap 'echo debug' DEBUG
  inner
}

## FunctraceInANestedFunction
handler() {
  set -T
  inner() { echo inner; }
  trap 'echo debug' DEBUG
  inner
  (echo subshell)
}

## DebugTrapOfTheFileWithFunctrace
set -T
trap 'echo debug' DEBUG
handler() {
  echo a
}

## DebugTrapOfTheFileWithoutFunctrace
trap 'echo "debug"' DEBUG
handler() {
  echo a
}

## ExtdebugSkipsCommands
handler() {
  shopt -s extdebug
  trap '[[ $BASH_COMMAND != *skip* ]]' DEBUG
  echo skip
  echo kept
}

## ReturnTrap
handler() {
  trap 'echo "return $?"' RETURN
  inner() { return 3; }
  inner
  echo end
}

## ReturnTrapWithFunctrace
handler() {
  set -T
  trap 'echo "return $?"' RETURN
  inner() { return 3; }
  inner
  return 4
}

## ReturnTrapOfTheFileWithFunctrace
set -T
trap 'echo "return $?"' RETURN
handler() {
  return 4
}

## ReturnTrapOfTheFileWithoutFunctrace
trap 'echo "return"' RETURN
handler() {
  return 4
}

## ReturnTrapFails
handler() {
  set -e
  trap 'false' RETURN
  return 0
}

## ReturnTrapExits
handler() {
  trap 'exit 6' RETURN
  return 0
}

## ReturnTrapAndExit
handler() {
  trap 'echo return' RETURN
  exit 3
}

## ReturnTrapSetInANestedFunction
handler() {
  inner() { trap 'echo return' RETURN; }
  inner
  other() { :; }
  other
  return 2
}

## AllTraps
handler() {
  set -E
  trap 'echo "return $?"' RETURN
  trap 'echo "err $?"' ERR
  trap 'echo "exit $?"' EXIT
  false
  return 3
}

## AllTrapsOfTheFile
set -eET
trap 'echo "return $?"' RETURN
trap 'echo "err $?"' ERR
handler() {
  inner() { (exit 5); }
  inner
}

## DebugTrapUnderErrexitPrintsWhereItMay
set -e
handler() {
  trap 'echo debug' DEBUG
}

## DebugTrapOfTheFileUnderErrexit
set -eEo pipefail
trap 'echo "debug $?"' DEBUG
handler() {
  echo a
}

## DebugTrapUnderErrexitInAnotherFunction
composed() { trap 'echo "debug $BASH_COMMAND"' DEBUG; }
handler() {
  set -e
  while composed; do echo once; break; done
}

## DebugTrapOfTheFileBeforeAnExitTrapUnderErrexit
trap 'echo "debug"' DEBUG
composed() {
  trap 'echo "exit $?"' EXIT
  false
}
handler() {
  set -eE
  trap 'echo "err $?"' ERR
  composed "$1"
}
