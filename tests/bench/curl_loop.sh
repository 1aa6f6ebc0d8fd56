#!/bin/bash
# The loop that people write: a bash function on curl, after the Runtime API's description. A contestant of
# scripts/bench, and what its users come from; what it lacks (exact bytes, errors, events over 128 KiB) is part of it.
set -euo pipefail
# shellcheck source=/dev/null # the handler's own file
source "$LAMBDA_TASK_ROOT/${_HANDLER%.*}.sh"
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation

while true; do
  headers=$(mktemp)
  event=$(curl -sS -L -D "$headers" "$api/next")
  request_id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  response=$("${_HANDLER##*.}" "$event")
  curl -sS -X POST "$api/$request_id/response" -d "$response" >/dev/null
  rm -f "$headers"
done
