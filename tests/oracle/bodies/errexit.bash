# shellcheck shell=bash disable=all
# set -e and inherit_errexit: who ends where, and with what.

## ExitZeroUnderErrexit
handler() {
  set -e
  echo fine
  exit 0
}

## ExitFiveUnderErrexit
handler() {
  set -e
  exit 5
}

## FailingPipelineUnderErrexit
handler() {
  set -eo pipefail
  sh -c 'exit 6' | cat
  echo not reached
}

## FailingPipelineWithoutPipefail
handler() {
  set -e
  sh -c 'exit 6' | cat
  echo reached
}

## ErrexitOfTheFile
set -e
handler() {
  echo before
  false
  echo not reached
}

## ErrexitOfTheFileAndReturn
set -euo pipefail
handler() {
  return 7
}

## ErrexitOfTheFileAndExit
set -euo pipefail
handler() {
  exit 7
}

## ErrexitOfTheFileAndExitZero
set -euo pipefail
handler() {
  echo done
  exit 0
}

## FailingSubshellUnderErrexit
handler() {
  set -e
  (exit 9)
  echo not reached
}

## FailingSubstitutionUnderErrexit
handler() {
  set -e
  x=$(exit 4)
  echo not reached
}

## FailingSubstitutionInArgumentsUnderErrexit
handler() {
  set -e
  echo "got $(exit 4)"
}

## LocalHidesTheStatusUnderErrexit
handler() {
  set -e
  local x=$(exit 4)
  echo reached
}

## ErrexitIsOffInConditions
handler() {
  set -e
  inner() { false; echo in condition; }
  if inner; then echo yes; fi
  inner || echo no
  inner && echo and
  ! inner
  echo reached
}

## NegatedCommandUnderErrexit
handler() {
  set -e
  ! true
  echo reached
}

## LastOfAnAndListUnderErrexit
handler() {
  set -e
  true && false
  echo not reached
}

## FirstOfAnAndListUnderErrexit
handler() {
  set -e
  false && true
  echo reached
}

## AndListAsTheLastCommandUnderErrexit
handler() {
  set -e
  false && true
}

## FailingTestAsTheLastCommand
set -e
handler() {
  [[ -z $1 ]]
}

## ArithmeticZeroUnderErrexit
handler() {
  set -e
  n=0
  ((n++))
  echo not reached
}

## LetZeroUnderErrexit
handler() {
  set -e
  let 0
  echo not reached
}

## SubstitutionForgetsErrexit
handler() {
  set -e
  x=$(false; echo went on)
  echo "$x"
}

## InheritErrexit
handler() {
  set -e
  shopt -s inherit_errexit
  x=$(false; echo not reached)
  echo "not reached $x"
}

## InheritErrexitOfTheFile
set -e
shopt -s inherit_errexit
handler() {
  x=$(echo begun; exit 3; echo no)
  echo "not reached $x"
}

## PosixSubstitutionKeepsErrexit
handler() {
  set -e
  set -o posix
  x=$(false; echo not reached)
  echo "not reached $x"
}

## ErrexitInAGroup
handler() {
  set -e
  { echo a; false; echo b; }
  echo c
}

## ErrexitInALoop
handler() {
  set -e
  for i in 1 2 3; do
    echo $i
    [ $i -lt 2 ]
  done
  echo not reached
}

## ErrexitInACase
handler() {
  set -e
  case $1 in
  *) false ;;
  esac
  echo not reached
}

## ErrexitTurnedOffAgain
set -e
handler() {
  set +e
  false
  echo reached
  return 3
}

## ErrexitInANestedFunction
set -e
inner() {
  echo inner
  return 6
}
handler() {
  inner
  echo not reached
}

## ErrexitInASubshell
handler() {
  (set -e; false; echo not reached)
  echo "status $?"
}

## ErrexitInASubshellAlreadyOn
set -e
handler() {
  (false; echo not reached) || echo "status $?"
  (echo in; false; echo not reached)
  echo not reached
}

## ErrexitAndMissingCommand
set -e
handler() {
  no_such_command_anywhere
  echo not reached
}

## ErrexitAndFailingRedirection
set -e
handler() {
  echo x >/nonexistent/file
  echo not reached
}

## FailingRedirectionOfAGroup
set -e
handler() {
  { echo x; } >/nonexistent/file
  echo not reached
}

## ErrexitAndReadonly
set -e
handler() {
  readonly r=1
  r=2
  echo not reached
}

## ReadonlyInASubshell
handler() {
  readonly r=1
  (r=2; echo not reached)
  echo "status $?"
}
