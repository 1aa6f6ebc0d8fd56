#!/bin/sh
# The refs of a git repository: {"url": "https://host/repo.git", "ref": "refs/heads/*"} -> [{"ref": …, "commit": …}, …]
# "ref" is a pattern as of git ls-remote and may be left out. Needs git on PATH.
# needs: git
set -eu

event=$(cat)

# field NAME: the string at that name. Values with escapes are refused: no URL or ref needs one.
field() {
  printf '%s' "$event" | tr '\n' ' ' | sed -nE 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"([^"\\]*)".*/\1/p'
}

url=$(field url)
ref=$(field ref)
if [ -z "$url" ]; then
  printf '{"errorType": "Function.InvalidEvent", "errorMessage": "the event needs a \\"url\\" without escapes"}'
  exit 2
fi

# The event chooses the repository, and nothing else: no options, no helper programs, no prompts.
export GIT_ALLOW_PROTOCOL=http:https:git:ssh GIT_TERMINAL_PROMPT=0
refs=$(git ls-remote -- "$url" ${ref:+"$ref"})

printf '%s\n' "$refs" | sed -E '
  /^$/d
  s/(["\\])/\\\1/g
  s/^([0-9a-f]+)\t(.*)$/{"ref": "\2", "commit": "\1"}/
  $!s/$/,/
  1s/^/[/
  $s/$/]/'
[ -n "$refs" ] || echo '[]'
