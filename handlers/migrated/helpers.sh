# shellcheck shell=bash
# What ql4b.sh sources.
log_info() {
  echo "INFO $*" >&2
}

# The form of answer that API Gateway wants; the body is a string there.
ok_response() {
  printf '{"statusCode": 200, "body": "%s"}' "${1//\"/\\\"}"
}
