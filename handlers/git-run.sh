#!/bin/sh
# Clones a repository, runs a command in it, reports: {"url": "https://host/repo.git", "ref": "main"}
#   -> {"commit": "…", "status": 0, "output": "…"}
# The event chooses the repository, and the function's variable REPORT_COMMAND what is run there, by a shell: by default,
# what the last commit changed. CLONE_DEPTH is how many commits it finds (default 1, or "all"). What the command says on
# stderr is in the log. "ref" is a branch or a tag, and may be left out. Needs git on PATH (docs/git.md); credentials come
# from variables, never from the event.
# needs: git
set -eu

event=$(cat)

# field NAME: the string at that name. Values with escapes are refused: no URL or ref needs one.
field() {
  printf '%s' "$event" | tr '\n' ' ' | sed -nE 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"([^"\\]*)".*/\1/p'
}

# Standard input as the inside of a JSON string. What is no text is left out.
json_text() {
  tr -d '\000-\010\013-\037' | sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g' | awk '{ printf "%s%s", gap, $0; gap = "\\n" }'
}

refuse() {
  printf '{"errorType": "Function.InvalidEvent", "errorMessage": "%s"}' "$(printf '%s' "$1" | json_text)"
  exit 2
}

url=$(field url)
ref=$(field ref)
[ -n "$url" ] || refuse 'the event needs a "url" without escapes'
case $ref in -*) refuse "no ref begins with a hyphen: $ref" ;; esac

# No helper programs and no prompts, whatever the URL says.
export GIT_ALLOW_PROTOCOL=http:https:git:ssh GIT_TERMINAL_PROMPT=0
depth=${CLONE_DEPTH:-1}
[ "$depth" != all ] || depth=''
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone --quiet ${depth:+--depth "$depth"} ${ref:+--branch "$ref"} -- "$url" "$clone" >&2

cd "$clone"
status=0
output=$(sh -c "${REPORT_COMMAND:-git show --stat --format=%s}" </dev/null) || status=$?
printf '{"commit": "%s", "status": %d, "output": "%s"}\n' "$(git rev-parse HEAD)" "$status" \
  "$(printf '%s\n' "$output" | json_text)"
