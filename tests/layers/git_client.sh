#!/bin/sh
# What git_test.py runs in the bare sandbox, with the git layer alone: every way to a repository, there and back. The
# addresses come as variables: HTTP HTTPS SSH CA KEY HOSTS, and NAME, of the branch that this run pushes. Says what it did.
set -eu
cd /tmp
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.invalid

# round_trip WAY URL: a clone, a commit, a push, and what was pushed as the server has it.
round_trip() {
  git clone -q "$2" "$1"
  [ "$(cat "$1/file")" = content ]
  echo "$1" >"$1/new"
  git -C "$1" add new
  git -C "$1" commit -q -m "by $1"
  git -C "$1" push -q origin "HEAD:refs/heads/$NAME-$1"
  [ "$(git ls-remote "$2" "refs/heads/$NAME-$1" | cut -f 1)" = "$(git -C "$1" rev-parse HEAD)" ]
  echo "$1 ok"
}

# refused WAY WORDS COMMAND...: fails, and says these words.
refused() {
  way=$1 words=$2
  shift 2
  said=$("$@" 2>&1) && echo "$way was not refused" && exit 1
  case $said in *"$words"*) echo "$way ok" ;; *) echo "$way: $said" && exit 1 ;; esac
}

round_trip http "$HTTP/r.git"
refused unknown-authority certificate git ls-remote "$HTTPS/r.git"
GIT_SSL_CAINFO=$CA round_trip https "$HTTPS/r.git"

refused no-prompt 'terminal prompts disabled' git ls-remote "$HTTP/private/r.git"
export GIT_TOKEN=s3cret-t0ken
refused token-without-host 'GIT_TOKEN_HOST does not say' git ls-remote "$HTTP/private/r.git"
GIT_TOKEN_HOST=github.com refused token-of-another-host 'GIT_TOKEN is for https://github.com alone' \
  git ls-remote "$HTTP/private/r.git"
GIT_TOKEN_HOST=$HTTP round_trip token "$HTTP/private/r.git"

refused unknown-host 'Host key verification failed' env GIT_SSH_KEY="$KEY" git ls-remote "$SSH/r.git"
refused no-key 'Permission denied' env GIT_SSH_KNOWN_HOSTS="$HOSTS" git ls-remote "$SSH/r.git"
export GIT_SSH_KEY="$KEY" GIT_SSH_KNOWN_HOSTS="$HOSTS"
round_trip ssh "$SSH/r.git"
GIT_SSH_KEY=$(printf '%s\n' "$KEY" | base64) git ls-remote -q "$SSH/r.git" >/dev/null
GIT_SSH_KEY=$(printf '%s\n' "$KEY" | awk '{ printf "%s\\n", $0 }') git ls-remote -q "$SSH/r.git" >/dev/null
echo "forms of the key ok"

# What git starts, and with which words, is what others could see.
GIT_TRACE=/tmp/trace GIT_TOKEN_HOST=$HTTP git ls-remote -q "$HTTP/private/r.git" >/dev/null
GIT_TRACE=/tmp/trace git ls-remote -q "$SSH/r.git" >/dev/null
grep -q 'run_command: .*credential-variables' trace
grep -q 'run_command: .*ssh' trace
if grep -e "$GIT_TOKEN" -e "$(printf '%s\n' "$KEY" | sed -n 2p)" trace; then exit 1; fi
echo "command lines ok"

rm -rf http https token ssh trace
left=$(ls -A /tmp)
[ -z "$left" ] || { echo "left in /tmp: $left" && exit 1; }
echo "nothing left ok"
