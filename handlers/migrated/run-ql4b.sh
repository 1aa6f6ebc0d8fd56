# shellcheck shell=bash
# Written for the Go layer of ql4b/lambda-shell-runtime: standard input is the event; the file was sourced for each
# call, and is sourced once now, so that nothing but functions belongs here: handlers/migrated/run-ql4b.run
run() {
  printf '{"bytes": %d}\n' "$(wc -c)"
}
