# shellcheck shell=bash disable=all
# What a function finds: status, parameters, directory, limits.

## StatusAtTheStart
handler() {
  echo "$?"
}

## StatusAtTheStartAfterAFailure
false
handler() {
  echo "$?"
}

## StatusOfTheFilesLastCommand
handler() {
  echo "$?"
}
false

## FileReturnsEarly
handler() {
  echo "$?"
}
return 0
echo no

## FileFailsLastUnderErrexit
set -e
handler() {
  echo "$-"
}
[ -n "$NOT_SET" ] && echo no

## LastArgument
handler() {
  echo "$_"
}

## LastArgumentOfTheFile
: one two
handler() {
  : "$_"
  echo "$_"
}

## NameOfTheShell
handler() {
  echo "$0 $# $*"
}

## PositionalParametersOfTheFile
set -- a b c
handler() {
  echo "$# $*"
  shift
  echo "$#"
}

## ShiftTooFar
handler() {
  shift 2
  echo "$? $#"
}

## LineNumbers
handler() {
  echo "$LINENO"
  inner() {
    echo "$LINENO"
  }
  inner
  eval 'echo "$LINENO"'
}

## LineNumbersOfErrors
handler() {
  no_such_command_anywhere

  eval 'no_such_command_anywhere'
  (no_such_command_anywhere)
}

## PipeStatusAtTheStart
handler() {
  echo "${PIPESTATUS[*]}"
}

## PipeStatusOfTheFile
false | true | false
handler() {
  echo "${PIPESTATUS[*]}"
}

## OldDirectory
handler() {
  echo "${OLDPWD-unset}"
  cd -
}

## DirectoryOfTheFile
cd /
handler() {
  echo "$PWD ${OLDPWD##*/shellstrap-*}"
  cd - >/dev/null
  [[ -f function.sh ]] && echo there
}

## DirectoryStackOfTheFile
pushd / >/dev/null
handler() {
  dirs -p | wc -l
  popd >/dev/null
  [[ -f function.sh ]] && echo there
}

## FieldSeparatorOfTheFile
IFS=:
handler() {
  x=a:b:c
  printf '%s\n' $x "$*"
}

## FieldSeparatorIsDefault
handler() {
  printf '%q\n' "$IFS"
}

## FieldSeparatorOfTheFileIsUnset
unset IFS
handler() {
  echo "${IFS-unset}"
}

## UmaskOfTheFile
umask 077
handler() {
  umask
}

## UmaskDefault
handler() {
  umask
  umask -S
}

## LimitsDefault
handler() {
  ulimit -a | grep -v -E 'processes|pending'
}

## LimitsOfTheFile
ulimit -S -c 0
ulimit -S -s 4096
handler() {
  ulimit -S -s
  ulimit -c
}
