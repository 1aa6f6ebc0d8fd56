#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A webhook behind a Function URL, as GitHub and its like call it: who signed the body with WEBHOOK_SECRET (HMAC-SHA-256, in
# X-Hub-Signature-256) is heard, anybody else gets 401. A CGI program: the body is standard input.
set -euo pipefail
LC_ALL=C

# answer STATUS TEXT
answer() {
  printf 'Status: %s\nContent-Type: text/plain\n\n%s\n' "$1" "$2"
  exit
}

sha256() { sha256sum | cut -c 1-64; }

# bytes HEX: what it stands for.
bytes() {
  local at
  for ((at = 0; at < ${#1}; at += 2)); do printf %b "\\x${1:at:2}"; done
}

# padded HEX BYTE: each byte of a block, combined with that one.
padded() {
  local at
  for ((at = 0; at < ${#1}; at += 2)); do printf %02x $((16#${1:at:2} ^ $2)); done
}

# Standard input's HMAC (RFC 2104) in hex. The image has sha256sum, and no openssl.
hmac() {
  local key inner
  key=$(printf %s "$WEBHOOK_SECRET" | od -An -v -tx1 | tr -d ' \n')
  ((${#key} <= 128)) || key=$(printf %s "$WEBHOOK_SECRET" | sha256)
  while ((${#key} < 128)); do key+=00; done
  inner=$({ bytes "$(padded "$key" 0x36)" && cat; } | sha256)
  { bytes "$(padded "$key" 0x5c)" && bytes "$inner"; } | sha256
}

if [[ -z ${WEBHOOK_SECRET:-} ]]; then
  echo "ERROR: WEBHOOK_SECRET is not set, so nobody can be told from anybody" >&2
  answer '500 Internal Server Error' 'this webhook is not set up'
fi
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat >"$body"
# Compared are the HMACs of both, or the time that it takes would tell how much of a guess is right.
given=$(printf %s "${HTTP_X_HUB_SIGNATURE_256:-}" | hmac)
wanted=$(printf 'sha256=%s' "$(hmac <"$body")" | hmac)
[[ $given == "$wanted" ]] || answer '401 Unauthorized' 'the signature is missing or wrong'

# From here on the body is what the sender meant. It is data all the same: never a command, never a path.
ref=$(tr '\n' ' ' <"$body" | sed -nE 's/.*"ref"[[:space:]]*:[[:space:]]*"([^"\\]*)".*/\1/p')
echo "INFO: ${HTTP_X_GITHUB_EVENT:-an event} of ${ref:-nothing in particular}" >&2
answer '200 OK' "thank you for ${ref:-the event}"
