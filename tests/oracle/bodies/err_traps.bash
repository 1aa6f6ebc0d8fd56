# shellcheck shell=bash disable=all
# ERR traps, in the file and in the function.

## ErrTrap
handler() {
  trap 'echo "err $?"' ERR
  false
  (exit 4)
  echo body
}

## ErrTrapAndReturn
handler() {
  trap 'echo "err $?"' ERR
  return 4
}

## ErrTrapAndExit
handler() {
  trap 'echo "err $?"' ERR
  exit 4
}

## ErrTrapAndExitUnderErrexit
handler() {
  set -e
  trap 'echo "err $?"' ERR
  exit 4
}

## ErrTrapUnderErrexit
handler() {
  set -e
  trap 'echo "err $?"' ERR
  (exit 4)
  echo no
}

## ErrTrapUnderErrexitInANestedFunction
handler() {
  set -e
  trap 'echo "err $?"' ERR
  inner() { false; echo no; }
  inner
}

## ErrtraceInANestedFunction
handler() {
  set -eE
  trap 'echo "err $?"' ERR
  inner() { false; echo no; }
  inner
}

## ErrtraceOfTheFile
set -E
trap 'echo "err $?"' ERR
handler() {
  false
  echo body
}

## ErrtraceOfTheFileAndReturn
set -E
trap 'echo "err $?"' ERR
handler() {
  return 3
}

## ErrtraceOfTheFileUnderErrexit
set -eE
trap 'echo "err $? line $LINENO"' ERR
handler() {
  echo a
  (exit 3)
  echo b
}

## ErrtraceAndSubshells
set -E
trap 'echo "err $?"' ERR
handler() {
  (false; exit 4)
  x=$(exit 5)
  echo "$x" | (exit 6)
  echo end
}

## ErrtraceAndFailingLastCommand
set -E
trap 'echo "err $?"' ERR
handler() {
  (exit 7)
}

## ErrTrapOfTheFileWithoutErrtrace
trap 'echo "err $?"' ERR
handler() {
  false
  return 3
}

## ErrTrapExits
handler() {
  trap 'exit 12' ERR
  false
  echo no
}

## ErrTrapReturns
handler() {
  trap 'return 12' ERR
  false
  echo no
}

## ErrTrapExitsWithErrtraceOfTheFile
set -E
trap 'exit 12' ERR
handler() {
  false
  echo no
}

## ErrTrapFails
handler() {
  set -e
  trap 'false' ERR
  (exit 4)
}

## ErrAndExitTraps
set -eE
trap 'echo "err $?"' ERR
handler() {
  trap 'echo "exit $?"' EXIT
  false
  echo no
}

## ErrTrapBashCommand
handler() {
  trap 'echo "failed: $BASH_COMMAND"' ERR
  false | true
  test -n ""
}

## ErrTrapIsNotOfConditions
handler() {
  trap 'echo "err $?"' ERR
  if false; then :; fi
  false || true
  ! true
  while false; do :; done
  echo end
}

## ErrTrapWithPipefail
handler() {
  set -o pipefail
  trap 'echo "err $? ${PIPESTATUS[*]}"' ERR
  false | true
  echo end
}

## ErrTrapOfTheFileIsPrinted
set -E
trap 'echo err' ERR
handler() {
  trap -p ERR
}
