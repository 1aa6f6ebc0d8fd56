# shellcheck shell=bash
# Functions of a shell file. This part runs once, when the environment starts; what it prints goes to the log.
set -euo pipefail
greeting=${GREETING:-Hello}

# handlers/function.greet: "$1" is the event. A call runs in a fork of its own: `calls` is 1 each time.
calls=0
greet() {
  calls=$((calls + 1))
  local name
  name=$(sed -nE 's/.*"name"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)".*/\1/p' <<<"$1")
  echo "call $calls for request $AWS_LAMBDA_REQUEST_ID" >&2
  printf '{"message": "%s, %s!"}\n' "$greeting" "${name:-world}"
}

# handlers/function.count: standard input is the event, too. A failing command ends the call with an error.
count() {
  local lines
  lines=$(grep -c '' -)
  printf '{"lines": %d}\n' "$lines"
}
