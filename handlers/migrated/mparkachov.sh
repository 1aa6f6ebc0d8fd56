# shellcheck shell=sh
# Written for mparkachov/lambda-shell-runtime, in sh: standard input is the event.
# Set SHELLSTRAP_SHELL_OPTIONS=u where unset variables shall be errors: handlers/migrated/mparkachov.handler
handler() {
  event=$(cat)
  echo "request $LAMBDA_RUNTIME_AWS_REQUEST_ID" >&2
  printf '{"characters": %d}\n' "${#event}"
}
