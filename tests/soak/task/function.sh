# shellcheck shell=bash
# The soak's handler as a function: does what the event's first letter says, and writes into a file of its own where a
# run begins and where it ends well. See handler.c.
say_run() { printf '%s %s %d\n' "$1" "$2" "$BASHPID" >>"$SOAK_RUNS"; }

handler() {
  local id=${1:2:40}
  id=${id%% *}
  say_run b "$id"
  case $1 in
    n*)
      say_run e "$id"
      return 0
      ;;
    k*) kill -KILL "$BASHPID" ;;
    t*) sleep 60 ;;
    d*) setsid sleep 61 >/dev/null 2>&1 & ;;
    o*) setsid sleep 62 & ;;
    l*) sleep 0.005 ;;
    x*)
      echo "it failed" >&2
      return 3
      ;;
  esac
  printf '%s %s' "$1" "$BASHPID"
  say_run e "$id"
}
