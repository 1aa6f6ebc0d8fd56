# shellcheck shell=bash disable=all
# EXIT traps, in the file and in the function.

## ExitTrap
handler() {
  trap 'echo "trap $?"' EXIT
  echo body
}

## ExitTrapAndExit
handler() {
  trap 'echo "trap $?"' EXIT
  exit 3
}

## ExitTrapAndReturn
handler() {
  trap 'echo "trap $?"' EXIT
  return 3
}

## ExitTrapExits
handler() {
  trap 'exit 9' EXIT
  exit 3
}

## ExitTrapExitsWithoutAStatus
handler() {
  trap 'false; exit' EXIT
  exit 3
}

## ExitTrapFails
handler() {
  trap 'false' EXIT
  return 3
}

## ExitTrapFailsUnderErrexit
handler() {
  set -e
  trap 'false; echo no' EXIT
  exit 3
}

## ExitTrapFailsUnderErrexitAfterSuccess
handler() {
  set -e
  trap 'false; echo no' EXIT
  exit 0
}

## ExitTrapAfterErrexit
handler() {
  set -e
  trap 'echo "trap $?"' EXIT
  false
  echo no
}

## ExitTrapIsTakenBack
handler() {
  trap 'echo trap' EXIT
  trap - EXIT
  exit 4
}

## ExitTrapIsEmpty
handler() {
  trap '' EXIT
  exit 4
}

## ExitTrapInASubshell
handler() {
  (trap 'echo "trap $?"' EXIT; exit 3)
  echo "status $?"
}

## ExitTrapIsNotOfTheSubshell
handler() {
  trap 'echo "trap $?"' EXIT
  (exit 3)
  x=$(exit 4)
  echo "status $?"
}

## ExitTrapInASubstitution
handler() {
  x=$(trap 'echo trapped' EXIT; echo body)
  echo "$x"
}

## ExitTrapSetsAnother
handler() {
  trap 'echo one; trap "echo two" EXIT' EXIT
}

## ExitTrapAndExec
handler() {
  trap 'echo trap' EXIT
  exec echo replaced
}

## ExitTrapWithLocals
handler() {
  local x=inside
  trap 'echo "x=${x-unset}"' EXIT
  return 0
}

## ExitTrapWithLocalsAndExit
handler() {
  local x=inside
  trap 'echo "x=${x-unset}"' EXIT
  exit 0
}

## ExitTrapReadsTheEvent
handler() {
  trap 'cat' EXIT
}

## ExitTrapReturns
handler() {
  trap 'return 6' EXIT
  exit 3
}

## ExitTrapWithMissingCommand
handler() {
  trap 'no_such_command_anywhere' EXIT
  return 3
}

## ExitTrapAndNounset
handler() {
  set -u
  trap 'echo "trap $?"' EXIT
  echo "$NOT_SET"
}

## ExitTrapOfTheFile
trap 'echo file' EXIT
handler() {
  echo body
}

## ExitTrapOfTheFileIsReplaced
trap 'echo file' EXIT
handler() {
  trap 'echo function' EXIT
  exit 3
}

## ExitTrapIsPrinted
handler() {
  trap 'echo "it'\''s"' EXIT
  trap -p EXIT
}

## TrapsAreNone
handler() {
  trap -p ERR DEBUG RETURN INT TERM
}
