# shellcheck shell=bash
# Written for the image of ql4b/lambda-shell-runtime: "$1" is the event, helpers lie beside the function.
# Nothing has to be set: handlers/migrated/ql4b.handler
# shellcheck source=handlers/migrated/helpers.sh
source "${BASH_SOURCE[0]%/*}/helpers.sh"

handler() {
  log_info "an event of ${#1} characters"
  ok_response '{"done": true}'
}
