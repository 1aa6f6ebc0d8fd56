#!/bin/sh
# The soak's handler as a script: does what the event's first letter says, and writes into a file of its own where a run
# begins and where it ends well. See handler.c.
set -u
event=$(cat)
id=${event#* }
id=${id%% *}
say_run() { echo "$1 $id $$" >>"$SOAK_RUNS"; }
say_run b
case $event in
  n*)
    say_run e
    exit 0
    ;;
  k*) kill -KILL $$ ;;
  t*) exec sleep 60 ;;
  d*) setsid sleep 61 >/dev/null 2>&1 & ;;
  o*) setsid sleep 62 & ;;
  l*) sleep 0.005 ;;
  x*)
    echo "it failed" >&2
    exit 3
    ;;
esac
printf '%s %s' "$event" $$
say_run e
