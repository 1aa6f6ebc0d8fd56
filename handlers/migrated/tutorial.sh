# shellcheck shell=bash
# In the form of the AWS tutorial on custom runtimes: "$1" is the event, what is printed is the answer.
# Nothing has to be set: handlers/migrated/tutorial.handler
handler() {
  local event=$1
  echo "an event of ${#event} characters" >&2
  echo "{\"characters\": ${#event}}"
}
