# shellcheck shell=bash
# Written for gkrizek/bash-lambda-layer: standard output is the log, standard error the answer.
# Set SHELLSTRAP_RESPONSE=stderr and SHELLSTRAP_SHELL_OPTIONS="uo pipefail": handlers/migrated/gkrizek.handler
handler() {
  set -e
  local name
  echo "request $AWS_LAMBDA_REQUEST_ID of $AWS_LAMBDA_FUNCTION_ARN"
  name=$(sed -nE 's/.*"name"[[:space:]]*:[[:space:]]*"([^"\\]*)".*/\1/p' <<<"$1")
  [ -n "$name" ]
  echo "{\"message\": \"Hello, $name!\"}" >&2
}
