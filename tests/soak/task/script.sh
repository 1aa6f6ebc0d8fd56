#!/bin/sh
# The soak's handler as a script: does what the event's first letter says.
set -u
event=$(cat)
case $event in
  n*) exit 0 ;;
  k*) kill -KILL $$ ;;
  t*) exec sleep 60 ;;
  d*) setsid sleep 61 >/dev/null 2>&1 & ;;
  o*) setsid sleep 62 & ;;
  x*)
    echo "it failed" >&2
    exit 3
    ;;
esac
printf '%s %s' "$event" $$
