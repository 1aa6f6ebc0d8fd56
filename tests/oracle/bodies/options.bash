# shellcheck shell=bash disable=all
# What set and shopt of the file do to a call.

## NocasematchAndErrexitOfTheFile
shopt -s nocasematch
set -eu
handler() {
  echo a
  false
  echo no
}

## NocasematchOfTheFile
shopt -s nocasematch
handler() {
  [[ ABC == abc ]] && echo same
}

## ShoptOfTheFile
shopt -s nullglob extglob dotglob
shopt -u sourcepath
handler() {
  shopt -p
}

## ShoptDefaults
handler() {
  shopt
}

## SetOptionsDefaults
handler() {
  set -o
  set +o
}

## SetOptionsOfTheFile
set -euo pipefail
set -C -f -a
set +B -k
handler() {
  set -o
}

## Flags
handler() {
  echo "$-"
}

## FlagsOfTheFile
set -euf
handler() {
  echo "$-"
}

## ShellOptsAndBashOpts
set -o pipefail
shopt -s nullglob
handler() {
  echo "$SHELLOPTS"
  echo "$BASHOPTS"
}

## HashallOfTheFileIsOff
set +h
handler() {
  echo "$-"
}

## BraceexpandOfTheFileIsOff
set +B
handler() {
  echo {a,b}
}

## PhysicalOfTheFile
set -P
handler() {
  echo "$-"
}

## PosixOfTheFile
set -o posix
handler() {
  echo "$SHELLOPTS"
  set -o | grep posix
  x=$(false; echo reached)
  echo "$x"
}

## PosixlyCorrectOfTheFile
POSIXLY_CORRECT=1
handler() {
  set -o | grep posix
  echo "${POSIXLY_CORRECT-unset}"
}

## KeywordOfTheFile
set -k
handler() {
  printf '%s\n' a=b c
}

## NoexecInFunction
handler() {
  echo a
  set -n
  echo not run
}

## OnecmdOfTheFile
set -t
handler() {
  echo a
}

## XtraceInFunction
handler() {
  set -x
  echo a
  (exit 3)
}

## XtraceOfTheFile
set -x
handler() {
  echo a
}

## PromptOfXtrace
PS4='trace: '
handler() {
  set -x
  : a
}
