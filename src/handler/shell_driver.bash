# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The warm shell: sources a file once, then forks for each call of one of its functions. The bootstrap has this text
# inside and runs it as: bash -c TEXT bash FILE FUNCTION HOOK HOOK [OPTIONS FOR set...]; a hook that there is none of is
# empty. docs/shell-functions.md says what it promises; proc/fork_server.h has the other end of these descriptors:
#   0 1 2     /dev/null: what bash itself says about killed jobs is not the user's log
#   40        the event, standard input of a call
#   41 42 43  pipes for the outputs of a call; the third only where the answer has its own
#   44        control pipe: one record of 8 characters lets the waiting fork start
#   45        message: variables as NAME=value and last the event, each up to a NUL; of a hook a seed and a function
#   60        the log, while the file is sourced
#   61        one byte lets the next fork happen; "h": after a hook
#   63        status pipe: lines of a word and two numbers
#
# Rules. All of it is one compound command, so that it is parsed before the file can define an alias. Commands are
# reserved words or behind `builtin`, because the file may define any function. Every word is quoted and no file is
# opened by `>`, because IFS, nullglob and noclobber are the file's. No assignment stands before `builtin`: that
# would make bash rebuild its whole environment.
{
  # In the fork, made ready before there is an event. The trap is the fast way to say how the call ended: closed in
  # the function, its descriptor is back when the function has returned. Whoever exits inside, or has a trap of his
  # own, is reported by the shell that waits. Closing descriptors on the call itself keeps them from the function.
  _shellstrap_call() {
    builtin trap '{ builtin printf "end %d %d\n" "$_shellstrap_n" "$?"; } 2>&- >&63' EXIT
    builtin set +m
    builtin printf 'pid %d %d\n' "$_shellstrap_n" "$BASHPID" >&63
    builtin read -r -N 8 -u 44 _shellstrap_count || builtin exit
    builtin mapfile -d '' -n "$_shellstrap_count" -u 45 _shellstrap_message
    ((_shellstrap_count == 1)) || builtin export -- "${_shellstrap_message[@]:0:_shellstrap_count-1}"
    EVENT_DATA=${_shellstrap_message[_shellstrap_count - 1]-}
    builtin unset -v _shellstrap_message
    SECONDS=0
    [[ -z $_shellstrap_traps ]] || builtin eval "$_shellstrap_traps"
    [[ -z $_shellstrap_flags ]] || builtin set "-$_shellstrap_flags"
    "$_shellstrap_function" "$EVENT_DATA" 44<&- 45<&- 63>&-
  }

  _shellstrap_file=$1 _shellstrap_function=$2 _shellstrap_wanted=("$2" "$3" "$4")
  builtin shift 4
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    builtin printf 'old 0 0\n' >&63
    builtin exit 1
  fi
  [[ $# -eq 0 ]] || builtin set "$@"
  builtin set --

  # A status of its last command alone is no reason for the file to fail under its own `set -e`. No source is left
  # when it is the outermost that returns.
  builtin trap 'if ((${#BASH_SOURCE[@]} == 0)); then _shellstrap_flags=$-; builtin set +e; fi' RETURN
  # shellcheck disable=SC1090 # the user's file
  builtin source "$_shellstrap_file" >&60 2>&60 60>&- 61<&- 63>&- \
    40<&- 41>&- 42>&- 43>&- 44<&- 45<&-
  _shellstrap_status=$?
  _shellstrap_flags=${_shellstrap_flags-$-}

  _shellstrap_word=sourced _shellstrap_ran=1

  # With `set -m`, wait also returns when the fork has only stopped, be it with the whole environment: -f waits for
  # its end. Older shells do not know it. Of a process number, bash's -f loops for ever where a signal has just ended
  # the process; of a job it does not, and the status is asked for behind it.
  _shellstrap_wait=
  ((BASH_VERSINFO[0] < 5)) || _shellstrap_wait=1
  _shellstrap_n=0

  while ((1)); do # for the file, and for each hook again
    # Special builtins come before functions in POSIX mode: nothing else here could be trusted to find out.
    if (
      POSIXLY_CORRECT=1
      export -f builtin || exit 1
      unset -f builtin
      builtin printf 'redefined 0 0\n' >&63
    ); then
      POSIXLY_CORRECT=1
      exit 1
    fi
    builtin set +aefkuvxCET
    builtin declare +x EVENT_DATA _shellstrap_flags _shellstrap_status
    builtin printf '%s 0 %d\n' "$_shellstrap_word" "$_shellstrap_status" >&63
    for _shellstrap_i in 0 1 2; do
      [[ $_shellstrap_i == 0 || -n ${_shellstrap_wanted[_shellstrap_i]} ]] || builtin continue
      if ! builtin declare -F -- "${_shellstrap_wanted[_shellstrap_i]}"; then
        builtin printf 'missing 0 %d\n' "$_shellstrap_i" >&63
        builtin exit 1
      fi
    done

    # What the file has set is kept away from this code and put in force for the call. Forks inherit these traps only
    # with errtrace or functrace.
    if [[ -n $_shellstrap_ran ]]; then
      _shellstrap_traps=
      [[ $_shellstrap_flags != *E* ]] || _shellstrap_traps+=$(builtin trap -p ERR)$'\n'
      [[ $_shellstrap_flags != *T* ]] || _shellstrap_traps+=$(builtin trap -p DEBUG RETURN)$'\n'
      builtin trap - DEBUG ERR RETURN EXIT CHLD
      _shellstrap_flags=${_shellstrap_flags//[!aefkmuvxCET]/}
    fi

    builtin set -m # a process group for each fork, and no ignored SIGINT in it
    while ((1)); do
      ((++_shellstrap_n))
      (_shellstrap_call) <&40 >&41 2>&42 3>&43 40<&- 41>&- 42>&- 43>&- 60>&- 61<&- &
      [[ -z $_shellstrap_wait ]] || builtin wait -f '%?_shellstrap_call'
      builtin wait "$!"
      builtin printf 'wait %d %d\n' "$_shellstrap_n" "$?" >&63 || builtin exit
      builtin read -r -N 1 -u 61 _shellstrap_count || builtin exit
      [[ $_shellstrap_count != h ]] || builtin break
    done
    builtin set +m

    # A hook runs here and not in a fork, so that what it sets stays. A copy of this shell has the same random numbers
    # before it, without a new seed.
    builtin mapfile -d '' -n 2 -u 45 _shellstrap_message
    [[ -z ${_shellstrap_message[0]-} || -z ${RANDOM-} ]] || RANDOM=${_shellstrap_message[0]}
    _shellstrap_ran=${_shellstrap_message[1]-}
    _shellstrap_word=hook _shellstrap_status=0
    builtin unset -v _shellstrap_message
    if [[ -n $_shellstrap_ran ]]; then
      [[ -z $_shellstrap_traps ]] || builtin eval "$_shellstrap_traps"
      [[ -z $_shellstrap_flags ]] || builtin set "-$_shellstrap_flags"
      "$_shellstrap_ran" >&60 2>&60 60>&- 61<&- 63>&- \
        40<&- 41>&- 42>&- 43>&- 44<&- 45<&-
      _shellstrap_status=$? _shellstrap_flags=$-
    fi
  done
}
