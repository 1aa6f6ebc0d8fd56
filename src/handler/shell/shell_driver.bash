# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The warm shell: sources a file once, then forks for each call of one of its functions. The bootstrap has this text
# inside and runs it as: bash -c TEXT bash FILE FUNCTION HOOK HOOK [OPTIONS FOR set...]; a hook that there is none of is
# empty. docs/shell-functions.md says what it promises; proc/fork_server/ has the protocol (fork_protocol.h) and the other end
# (fork_server.h) of these descriptors, which lie above those that bash takes for itself and that files like to use:
#   0            the event, standard input of a call
#   1 2          /dev/null: what bash itself says about killed jobs is not the user's log
#   110          /dev/null, standard input of the file
#   111 112 113  pipes for the outputs of a call; the third only where the answer has its own
#   114          control pipe: one record of 24 characters, "FORK CALL PARTS", lets the waiting fork start
#   115          message: the values of a call and last the event, each with a NUL behind it; of a hook a seed and a
#                function
#   116          the log, while the file is sourced
#   117          orders of 16 characters: "fork N" lets fork N happen, "hook N" runs a hook before it
#   118          status pipe: lines of a word and two or three numbers
#
# Rules. All of it is one compound command, so that it is parsed before the file can define an alias. Commands are
# reserved words or behind `builtin`, because the file may define any function. Every word is quoted and no file is
# opened by `>`, because IFS, nullglob and noclobber are the file's. No assignment stands before `builtin`: that
# would make bash rebuild its whole environment.
#
# What must not fail in silence is said by an expansion in the redirection of a loop that has no passes,
#   for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?WORD N N}"
# because no option, trap, function or disabled builtin keeps bash from expanding it: where the words before it have not
# set _shellstrap_ran to 1 there is no such element, and the shell ends with "…_shellstrap_says…: WORD N N" on the
# status pipe. Each pass of a loop has one, so that a shell whose words do nothing ends instead of spinning. (Were it
# standard input that is redirected there, bash would leave it to background commands of the call.)
{
  _shellstrap_file=$1 _shellstrap_function=$2 _shellstrap_wanted=("$2" "$3" "$4")
  _shellstrap_says=([1]=118) _shellstrap_ran=0 _shellstrap_forever=()
  _shellstrap_usual=(AWS_LAMBDA_REQUEST_ID AWS_LAMBDA_DEADLINE_MS AWS_LAMBDA_FUNCTION_ARN AWS_LAMBDA_TRACE_ID
    _X_AMZN_TRACE_ID LAMBDA_RUNTIME_AWS_REQUEST_ID LAMBDA_RUNTIME_DEADLINE_MS LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN
    LAMBDA_RUNTIME_TRACE_ID) # in the order of shell_message.h
  # shellcheck disable=SC2016 # of the fork's trap, below
  _shellstrap_end='{
    \builtin printf "end %d %d %d\n" "$_shellstrap_n" "${_shellstrap_closed[0]+${_shellstrap_record:10:9}}" "$?" >&118
  } 2>&- >&110 2>&"1${_shellstrap_closed[0]+${BASH_XTRACEFD+x}${POSIXLY_CORRECT+x}}" || for _ in; do ((1)); done'
  builtin shift 4
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)) || _shellstrap_ran=1
  for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?old 0 0}"
  [[ $# -eq 0 ]] || builtin set "$@"
  builtin set --

  # A status of its last command alone is no reason for the file to fail under its own `set -e`. No source is left
  # when it is the outermost that returns. The descriptor shows the bootstrap that these are
  # words of ours, should a trap for DEBUG never let them go on.
  builtin trap '{ if ((${#BASH_SOURCE[@]} == 0)); then
    _shellstrap_flags=$-; \builtin set +aex; \builtin trap - RETURN; fi; } 118<&0 >&0 2>&0' RETURN
  builtin printf 'sourcing 0 0\n' >&118
  # shellcheck disable=SC1090 # the user's file
  # What these redirections save, bash keeps at 10 and above, where a file may put something else: first comes what
  # does not matter.
  builtin source "$_shellstrap_file" >&116 2>&116 116>&- <&110 110<&- 117<&- 118>&- 111>&- 112>&- 113>&- 114<&- 115<&-
  _shellstrap_status=$?
  _shellstrap_flags=${_shellstrap_flags-$-}
  builtin set +a
  builtin declare +x _shellstrap_flags
  _shellstrap_word=sourced _shellstrap_called=1 _shellstrap_n=0

  # With `set -m`, wait also returns when the fork has only stopped, be it with the whole environment: -f waits for
  # its end. Older shells do not know it. Of a process number, bash's -f loops for ever where a signal has just ended
  # the process; of a job it does not, and the status is asked for behind it.
  _shellstrap_wait=
  ((BASH_VERSINFO[0] < 5)) || _shellstrap_wait=1

  while ((1)); do # for the file, and for each hook again
    # What the file has set is kept away from this code and put in force for the call. A DEBUG trap may keep commands
    # from running, but only with extdebug.
    _shellstrap_force=
    for _shellstrap_i in extdebug nocasematch; do
      [[ :$BASHOPTS: != *:"$_shellstrap_i":* ]] || _shellstrap_force+="\\builtin shopt -s $_shellstrap_i"$'\n'
    done
    [[ -z $_shellstrap_force ]] || builtin shopt -u extdebug nocasematch
    _shellstrap_flags=${_shellstrap_flags//[!aefkmuxCET]/}
    builtin set +aefkuvxCET
    [[ :$BASHOPTS: == *:extdebug:* ]] || _shellstrap_ran=1
    for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?skipped 0 0}"

    # The bootstrap knows without which of them this code cannot be.
    builtin enable -n >&118 && _shellstrap_ran=1
    for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?disabled 0 0}"
    builtin printf '%s 0 %d\n' "$_shellstrap_word" "$_shellstrap_status" >&118 || builtin exit 1

    # In a command substitution, which sees the traps of the shell itself, it is found out what would make a call fail.
    # Special builtins come before functions in POSIX mode, so that nobody can hide that there is a function `builtin`;
    # what is read-only is told by its place in the list. Such text is parsed anew each time: the words are quoted,
    # because an alias would be expanded.
    builtin unset -n EVENT_DATA
    # shellcheck disable=SC2034 # only whether they can be set
    _shellstrap_text=$(
      \builtin trap -p
      POSIXLY_CORRECT=1
      \export -f builtin && \exit 9
      \builtin declare -- EVENT_DATA= || \exit 10
      \builtin declare -- AWS_LAMBDA_REQUEST_ID= || \exit 11
      \builtin declare -- AWS_LAMBDA_DEADLINE_MS= || \exit 12
      \builtin declare -- AWS_LAMBDA_FUNCTION_ARN= || \exit 13
      \builtin declare -- AWS_LAMBDA_TRACE_ID= || \exit 14
      \builtin declare -- _X_AMZN_TRACE_ID= || \exit 15
      \builtin declare -- LAMBDA_RUNTIME_AWS_REQUEST_ID= || \exit 16
      \builtin declare -- LAMBDA_RUNTIME_DEADLINE_MS= || \exit 17
      \builtin declare -- LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN= || \exit 18
      \builtin declare -- LAMBDA_RUNTIME_TRACE_ID= || \exit 19
      \exit 0
    )
    _shellstrap_status=$?
    [[ $_shellstrap_status != 0 ]] || _shellstrap_ran=1
    for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?"unfit 0 $_shellstrap_status"}"
    # Marked for the environment here, what each call has costs it an assignment and no more. A name that the file has
    # made an integer, or a reference, would take its value for code: it is made anew. Never export without a name,
    # which would print all that there are.
    builtin unset -n EVENT_DATA "${_shellstrap_usual[@]}" && builtin unset -v EVENT_DATA "${_shellstrap_usual[@]}" &&
      builtin export -- "${_shellstrap_usual[@]}" && _shellstrap_ran=1
    for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?unfit 0 1}"
    # Each trap that there is, as the text that sets it again; DEBUG comes last. EXIT is not for forks.
    _shellstrap_names=(DEBUG ERR RETURN EXIT CHLD) _shellstrap_debug=
    while [[ -n $_shellstrap_text ]]; do
      _shellstrap_i=${_shellstrap_text%%$'\n'*}
      _shellstrap_text=${_shellstrap_text:${#_shellstrap_i}+1} _shellstrap_ran=1
      for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?skipped 0 0}"
      [[ $_shellstrap_i != 'trap -- - '* ]] || builtin continue
      _shellstrap_i=${_shellstrap_i##*' '}
      [[ $_shellstrap_i != *[!A-Z0-9+-]* && $_shellstrap_i != EXIT ]] || builtin continue
      _shellstrap_trap=$(\builtin trap -p "$_shellstrap_i")
      [[ -n $_shellstrap_trap ]] || builtin continue
      _shellstrap_names+=("$_shellstrap_i")
      if [[ $_shellstrap_i == DEBUG ]]; then
        _shellstrap_debug="\\builtin $_shellstrap_trap"
      else
        _shellstrap_force+="\\builtin $_shellstrap_trap"$'\n'
      fi
    done
    builtin trap - "${_shellstrap_names[@]}"
    [[ -z $_shellstrap_flags ]] || _shellstrap_force+="\\builtin set -$_shellstrap_flags"$'\n'
    _shellstrap_force+=$_shellstrap_debug

    for _shellstrap_i in 0 1 2; do
      [[ $_shellstrap_i == 0 || -n ${_shellstrap_wanted[_shellstrap_i]} ]] || builtin continue
      builtin declare -F -- "${_shellstrap_wanted[_shellstrap_i]}" >&110 && _shellstrap_ran=1
      for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?"missing 0 $_shellstrap_i"}"
    done

    # The text of a trap is parsed when it runs.
    [[ -z ${BASH_ALIASES[for]-}${BASH_ALIASES[do]-}${BASH_ALIASES[done]-}${BASH_ALIASES["{"]-} ]] || _shellstrap_end=

    # TMOUT is read's own limit; a limit of its own, of 68 years, comes before it. SECONDS may be an ordinary variable.
    _shellstrap_forever=() _shellstrap_seconds=
    [[ -z ${TMOUT-} ]] || _shellstrap_forever=(-t 2147483647)
    [[ ${SECONDS@a} != i ]] || _shellstrap_seconds=1

    # What a fork does before it calls the function, outside of the loop's command: bash makes a text of that for each
    # fork. A file, or a hook, that has its own of this name is found out by what is then not done.
    _shellstrap_begin() {
      _shellstrap_closed=() # no array is ever exported, be it under `set -a`
      # shellcheck disable=SC2064 # its text is expanded then, and not now
      [[ -z $_shellstrap_end ]] || builtin trap "$_shellstrap_end" EXIT
      builtin set +m
      builtin printf 'pid %d %d\n' "$_shellstrap_n" "$BASHPID" >&118
      builtin read -r -N 24 "${_shellstrap_forever[@]}" -u 114 _shellstrap_record
      # The message is that of shell_message.h.
      builtin mapfile -d '' -n "${_shellstrap_record:20}" -u 115 _shellstrap_message
      # shellcheck disable=SC2034 # of the message
      if [[ $_shellstrap_record != "$_shellstrap_mine"*" ${#_shellstrap_message[@]}" ]]; then
        for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says:?"bad $_shellstrap_n 0"}"
      elif [[ -n ${_shellstrap_message[0]} ]]; then
        AWS_LAMBDA_REQUEST_ID=${_shellstrap_message[0]} AWS_LAMBDA_DEADLINE_MS=${_shellstrap_message[1]} \
          AWS_LAMBDA_FUNCTION_ARN=${_shellstrap_message[2]} AWS_LAMBDA_TRACE_ID=${_shellstrap_message[3]} \
          _X_AMZN_TRACE_ID=${_shellstrap_message[4]} LAMBDA_RUNTIME_AWS_REQUEST_ID=${_shellstrap_message[5]} \
          LAMBDA_RUNTIME_DEADLINE_MS=${_shellstrap_message[6]} \
          LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN=${_shellstrap_message[7]} \
          LAMBDA_RUNTIME_TRACE_ID=${_shellstrap_message[8]} EVENT_DATA=${_shellstrap_message[9]} \
          _shellstrap_ran=1
      else
        _shellstrap_more=("${_shellstrap_message[@]:1:${#_shellstrap_message[@]}-2}")
        builtin unset -n "${_shellstrap_more[@]%%=*}" && builtin unset -v "${_shellstrap_more[@]%%=*}" &&
          builtin export -- AWS_LAMBDA_REQUEST_ID "${_shellstrap_more[@]}" &&
          EVENT_DATA=${_shellstrap_message[-1]} _shellstrap_ran=1
      fi
      builtin unset -v _shellstrap_message _shellstrap_more
      [[ -z $_shellstrap_seconds ]] || SECONDS=0
    }

    builtin set -m # a process group for each fork, and no ignored SIGINT in it
    while ((1)); do
      ((++_shellstrap_n))
      builtin printf -v _shellstrap_mine '%9d ' "$_shellstrap_n"
      # The fork, made ready before there is an event. Its trap is the fast way to say how the call ended: the status
      # pipe is closed in the function, and back when the function has returned. Whoever exits inside, or has a trap of
      # his own, is reported by the shell that waits; so is everybody in POSIX mode, where a fatal signal may be
      # handled only behind the function, with the status of that, and who traces into a descriptor of his own, where
      # these words would be seen. Left of `||` nothing fails for -e or a trap for ERR; one for DEBUG that the function
      # has set runs once more, where nobody sees it. The call gets its number when the status pipe has been closed,
      # and not before: a fork that is ended by a signal has any $?, and says 0 or nothing. The same redirection has no
      # word, and the function is not called, where something before it was not done.
      # It stands at a group: under `set -e`, a function that is called with a redirection of its own has a trap for
      # DEBUG back before one for EXIT runs.
      (
        _shellstrap_begin
        # How that is put in force is seen by nobody: not by `set -x`, and a trap for DEBUG prints into /dev/null. In $_
        # is the file, as behind `source`.
        if [[ -z $_shellstrap_force ]]; then
          builtin : "$_shellstrap_file"
        else
          { builtin eval "$_shellstrap_force"; builtin : "$_shellstrap_file"; } >&110 2>&110
        fi
        { "$_shellstrap_function" "$EVENT_DATA"; } 114<&- 115<&- 118>&- 110<&"${_shellstrap_closed[_shellstrap_ran - 1]=-}"
      ) >&111 2>&112 3>&113 111>&- 112>&- 113>&- 116>&- 117<&- &
      [[ -z $_shellstrap_wait ]] || builtin wait -f '%?_shellstrap_begin'
      builtin wait "$!"
      builtin printf '\nwait %d %d\n' "$_shellstrap_n" "$?" >&118 || builtin exit 1
      builtin read -r -N 16 "${_shellstrap_forever[@]}" -u 117 _shellstrap_order
      builtin printf -v _shellstrap_mine '%11d' "$((_shellstrap_n + 1))"
      [[ $_shellstrap_order == @(fork|hook)" $_shellstrap_mine" ]] && _shellstrap_ran=1
      for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?"lost $_shellstrap_n 0"}"
      [[ $_shellstrap_order != hook* ]] || builtin break
    done
    builtin set +m

    # A hook runs here and not in a fork, so that what it sets stays. A copy of this shell has the same random numbers
    # before it, without a new seed.
    builtin mapfile -d '' -n 2 -u 115 _shellstrap_message
    ((${#_shellstrap_message[@]} == 2)) && _shellstrap_ran=1
    for _ in; do ((1)); done 2>&118 >&"${_shellstrap_says[_shellstrap_ran--]:?"lost $_shellstrap_n 1"}"
    [[ -z ${_shellstrap_message[0]} || -z ${RANDOM-} || ${RANDOM@a} == *r* ]] || RANDOM=${_shellstrap_message[0]}
    _shellstrap_called=${_shellstrap_message[1]}
    _shellstrap_word=hook _shellstrap_status=0
    builtin unset -v _shellstrap_message
    [[ -z $_shellstrap_force ]] || builtin eval "$_shellstrap_force"
    if [[ -n $_shellstrap_called ]]; then
      "$_shellstrap_called" >&116 2>&116 116>&- <&110 110<&- 117<&- 118>&- 111>&- 112>&- 113>&- 114<&- 115<&-
      _shellstrap_status=$? _shellstrap_flags=$-
    fi
  done
}
