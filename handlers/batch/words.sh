#!/bin/sh
# One message of a queue at a time, on standard input. One that is empty cannot be worked on: it comes again, until the
# queue gives it up.
set -eu
words=$(wc -w)
if [ "$words" -eq 0 ]; then
  echo "ERROR: message $RECORD_ID is empty" >&2
  exit 1
fi
echo "INFO: message $RECORD_NUMBER of $RECORD_COUNT has $words words"
