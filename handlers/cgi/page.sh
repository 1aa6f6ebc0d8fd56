#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A web page behind a Function URL, as people wrote them in 1997: a form that asks for a name, and a cookie that
# remembers it. RFC 3875 in the environment, the form on standard input; see shellstrap.json beside it.
set -euo pipefail
LC_ALL=C

# field NAME PAIRS SEPARATOR: the value of the first NAME=VALUE, encoded as it came; only characters that a
# form's encoding has, because it goes into a header.
field() {
  local pair pairs
  IFS=$3 read -r -d '' -a pairs <<<"$2" || true
  for pair in "${pairs[@]}"; do
    pair=${pair//[$' \n']/}
    if [[ $pair == "$1="* ]]; then
      pair=${pair#*=}
      printf %s "${pair//[!A-Za-z0-9%+._*-]/}"
      return
    fi
  done
}

# decoded VALUE: Ada+L%2E is "Ada L."
decoded() {
  local text=${1//+/ }
  printf %b "${text//%/\\x}"
}

# As text in HTML.
escaped() {
  sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g' <<<"$1"
}

remember() {
  local name
  name=$(field name "$(head -c "${CONTENT_LENGTH:-0}" | tr -d '\0')" '&')
  printf 'Status: 303 See Other\nLocation: %s/\n' "$SCRIPT_NAME"
  printf 'Set-Cookie: name=%s; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax\n' "$name"
  printf 'Set-Cookie: visited=yes; Path=/\n\n'
}

show() {
  local name
  name=$(escaped "$(decoded "$(field name "${HTTP_COOKIE:-}" ';')")")
  printf 'Content-Type: text/html; charset=utf-8\nCache-Control: no-store\n\n'
  cat <<EOF
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Guest book</title>
<h1>Hello, ${name:-stranger}!</h1>
<form method="post" action="$(escaped "$SCRIPT_NAME")/">
  <label>Your name <input name="name" value="$name" autofocus></label>
  <button>Remember me</button>
</form>
EOF
}

case $REQUEST_METHOD in
  GET | HEAD) show ;;
  POST) remember ;;
  *) printf 'Status: 405 Method Not Allowed\nAllow: GET, HEAD, POST\nContent-Type: text/plain\n\nno %s here\n' "$REQUEST_METHOD" ;;
esac
