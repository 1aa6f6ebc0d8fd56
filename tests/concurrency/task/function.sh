# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The same as handler.c, as a function of a warm shell: with `handler` it prints whose event it got.
handler() {
  printf '%s %s %s %s' "$AWS_LAMBDA_REQUEST_ID" "$_X_AMZN_TRACE_ID" "$LAMBDA_RUNTIME_AWS_TENANT_ID" "$1"
}
