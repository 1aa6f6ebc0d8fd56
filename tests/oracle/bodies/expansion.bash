# shellcheck shell=bash disable=all
# set -u, pipefail, lastpipe, errors of syntax and expansion.

## NounsetEndsTheCall
handler() {
  set -u
  echo "$NOT_SET"
  echo not reached
}

## NounsetOfTheFile
set -u
handler() {
  echo "${NOT_SET?}"
}

## NounsetInASubshell
set -u
handler() {
  (echo "$NOT_SET")
  echo "status $?"
}

## NounsetInASubstitution
set -u
handler() {
  x=$(echo "$NOT_SET")
  echo "status $? $x"
}

## NounsetUnderErrexitInASubstitution
set -eu
handler() {
  x=$(echo "$NOT_SET")
  echo not reached
}

## ErrorIfUnset
handler() {
  echo "${NOT_SET:?is not set}"
  echo not reached
}

## NounsetAndArithmetic
set -u
handler() {
  echo $((NOT_SET + 1))
}

## PipefailTakesTheLastFailure
set -o pipefail
handler() {
  (exit 3) | (exit 4) | true
}

## PipefailOfTheFileInASubshell
set -o pipefail
handler() {
  (false | true)
  echo "status $?"
}

## PipeStatus
handler() {
  (exit 3) | (exit 4) | true
  echo "${PIPESTATUS[*]}"
}

## ExitInAPipeline
handler() {
  exit 5 | cat
  echo "reached $?"
}

## ExitAsTheLastOfAPipeline
handler() {
  true | exit 5
  echo "reached $?"
}

## ReturnInAPipeline
handler() {
  true | return 5
  echo "reached $?"
}

## LastpipeExits
handler() {
  shopt -s lastpipe
  true | exit 5
  echo "not reached $?"
}

## ErrexitWithTheLastpipe
set -e
shopt -s lastpipe
handler() {
  echo x | { read -r y; echo "got $y"; false; }
  echo "not reached"
}

## SyntaxErrorInEval
handler() {
  eval 'if'
  echo "status $?"
}

## SyntaxErrorInEvalUnderErrexit
set -e
handler() {
  eval 'echo )'
  echo "not reached"
}

## SyntaxErrorInEvalInPosixMode
handler() {
  set -o posix
  eval 'echo )'
  echo "status $?"
}

## SpecialBuiltinFailsInPosixMode
handler() {
  set -o posix
  shift 99
  echo "status $?"
}

## AssignmentErrorInPosixMode
handler() {
  set -o posix
  readonly r=1
  r=2
  echo "not reached"
}

## ExpansionErrorEndsTheCall
handler() {
  echo "${x!bad}"
  echo "not reached"
}

## DivisionByZero
handler() {
  echo $((1 / 0))
  echo "status $?"
}

## DivisionByZeroUnderErrexit
set -e
handler() {
  echo $((1 / 0))
  echo "status $?"
}

## DivisionByZeroInASubshell
handler() {
  (echo $((1 / 0)); echo no)
  echo "status $?"
}

## FailglobEndsTheCommand
handler() {
  shopt -s failglob
  echo /nonexistent/*
  echo "status $?"
}
