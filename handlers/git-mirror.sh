#!/bin/sh
# Answers from a mirror of a repository that is kept from call to call: {"url": "https://host/repo.git", "ref": "main"}
#   -> {"commit": "…", "subject": "…", "mirror": "new" | "fetched" | "kept"}
# The first call clones into /tmp, later ones of the same environment fetch what is new, which is one round trip where
# nothing is. MIRROR_MAX_AGE (seconds, default 0) is how old a mirror may be to answer without asking the server.
# "ref" is anything that git rev-parse knows, and may be left out. Needs git and flock on PATH (docs/git.md has both).
#
# Safe under concurrent calls: one of them at a time changes a mirror, a new one gets its name when it is whole, and
# what a call that was ended left behind is in nobody's way.
# needs: git flock
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

export GIT_ALLOW_PROTOCOL=http:https:git:ssh GIT_TERMINAL_PROMPT=0
mirrors=${MIRROR_FOLDER:-/tmp/git-mirrors}
mirror=$mirrors/$(printf '%s' "$url" | sha256sum | cut -c 1-32)

# The file says when the server was asked last; git knows nothing of it.
is_fresh() {
  [ "${MIRROR_MAX_AGE:-0}" -gt 0 ] && [ -e "$mirror/asked" ] &&
    [ $(($(date +%s) - $(date -r "$mirror/asked" +%s))) -lt "$MIRROR_MAX_AGE" ]
}

clone() {
  rm -rf "$mirror.part"
  git clone --quiet --mirror -- "$url" "$mirror.part" >&2
  touch "$mirror.part/asked"
  mv "$mirror.part" "$mirror"
}

fetch() {
  git -C "$mirror" -c gc.auto=0 fetch --quiet --prune >&2
  touch "$mirror/asked"
}

# The lock goes with descriptor 9, which programs do not get: none of them can hold it for longer than this script.
update() {
  mkdir -p "$mirrors"
  exec 9>"$mirror.lock"
  flock 9
  if [ ! -d "$mirror" ]; then
    clone 9>&-
    state=new
  elif is_fresh; then
    state=kept
  else
    fetch 9>&-
    state=fetched
  fi
  exec 9>&-
}

update
commit=$(git -C "$mirror" rev-parse --verify --quiet --end-of-options "${ref:-HEAD}^{commit}") || {
  printf '{"errorType": "Function.UnknownRef", "errorMessage": "the repository has no such ref"}'
  exit 3
}
subject=$(git -C "$mirror" log -1 --format=%s "$commit" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')
printf '{"commit": "%s", "subject": "%s", "mirror": "%s"}\n' "$commit" "$subject" "$state"
