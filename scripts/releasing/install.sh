#!/bin/sh
# install.sh: installs shellstrap from the files of a release, without root, and upgrades or removes it. POSIX sh, busybox's
# too. It is a file of the release: docs/releasing.md.
set -eu

usage() {
  cat <<'TEXT'
usage: sh install.sh [--prefix DIR] [--base DIR-or-URL] [--uninstall]

Installs shellstrap: PREFIX/bin/shellstrap, and PREFIX/share/shellstrap with the bootstraps of both machines,
the functions for scripts and the licences. What it takes must have the checksum that SHA256SUMS says. A second
run upgrades.

  --prefix DIR          default: ~/.local
  --base DIR-or-URL     the files of the release (default: $RELEASE_BASE, else the folder of this script)
  --uninstall           removes what was installed below the prefix, and nothing else
TEXT
}

say() { printf 'install.sh: %s\n' "$1" >&2; }
die() {
  say "$1"
  exit "${2:-1}"
}

needs() {
  command -v "$1" >/dev/null 2>&1 || die "$1 is missing, and $2 needs it. Install it and run this again."
}

# fetch NAME FILE: a file of the release; of a URL with the client that is there.
fetch() {
  case $base in
    http://* | https://*)
      if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --output "$2" "$base/$1"
      else
        wget -q -O "$2" "$base/$1"
      fi || die "$base/$1 cannot be fetched."
      ;;
    *)
      [ -f "$base/$1" ] || die "$base has no $1: --base names the folder or URL with the files of a release."
      cp "$base/$1" "$2"
      ;;
  esac
}

# The line of SHA256SUMS that is for this machine's archive.
line_of_archive() {
  found=$(grep -E "^[0-9a-f]{64}  shellstrap-[0-9]+\.[0-9]+\.[0-9]+-$machine\.tar\.gz\$" "$work/SHA256SUMS") ||
    die "SHA256SUMS of this release has no archive for $machine."
  [ "$(printf '%s\n' "$found" | wc -l)" -eq 1 ] || die "SHA256SUMS has several archives for $machine: it is no release's."
  printf '%s\n' "$found"
}

unpack() {
  fetch SHA256SUMS "$work/SHA256SUMS"
  line=$(line_of_archive)
  archive=${line#*  }
  fetch "$archive" "$work/$archive"
  printf '%s\n' "$line" >"$work/sum"
  (cd "$work" && sha256sum -c sum >/dev/null 2>&1) ||
    die "$archive is not what SHA256SUMS says: it was changed or cut on its way. Nothing was installed."
  tar -xzf "$work/$archive" -C "$work" || die "$archive cannot be unpacked. Nothing was installed."
  tree=$work/${archive%.tar.gz}
}

# What lies ready is moved in by renames: a run that is cut before them leaves the old installation whole.
put_in_place() {
  mkdir -p "$prefix/bin" "$prefix/share" || die "$prefix cannot be written: name a folder of yours with --prefix."
  new=$(mktemp -d "$prefix/share/.shellstrap.XXXXXX") || die "$prefix/share cannot be written: name a folder of yours with --prefix."
  chmod 755 "$new"
  cp -R "$tree/share/shellstrap/." "$tree/functions.sh" "$tree/licenses" "$tree/LICENSE" "$tree/THIRD_PARTY_NOTICES" \
    "$tree/sbom.spdx.json" "$new"
  cp "$tree/shellstrap" "$new/.program"
  "$new/.program" --version >/dev/null || die "the program does not start on this machine. Nothing was installed."
  old=
  if [ -e "$prefix/share/shellstrap" ]; then
    old=$new.old
    mv "$prefix/share/shellstrap" "$old"
  fi
  mv "$new/.program" "$prefix/bin/shellstrap"
  mv "$new" "$prefix/share/shellstrap"
  new=
  rm -rf ${old:+"$old"}
}

uninstall() {
  [ -e "$prefix/bin/shellstrap" ] || [ -e "$prefix/share/shellstrap" ] || die "there is no shellstrap below $prefix."
  rm -rf "$prefix/share/shellstrap"
  rm -f "$prefix/bin/shellstrap"
  say "removed from $prefix"
}

install() {
  for command in tar gzip sha256sum mktemp; do needs "$command" "this script"; done
  case $base in
    http://* | https://*) command -v curl >/dev/null 2>&1 || needs wget "a URL (or curl)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) die "there is no shellstrap for $(uname -m): for x86_64 and arm64 only." ;;
  esac
  work=
  new=
  trap 'rm -rf ${work:+"$work"} ${new:+"$new"}' EXIT
  trap 'exit 130' HUP INT TERM
  work=$(mktemp -d)
  unpack
  put_in_place
  say "installed $("$prefix/bin/shellstrap" --version) in $prefix"
  case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) say "$prefix/bin is not on PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
}

[ "$(uname -s)" = Linux ] || die "shellstrap runs on Linux, and this is $(uname -s)."
prefix=${HOME:-}/.local
base=${RELEASE_BASE:-$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)}
verb=install
while [ $# -gt 0 ]; do
  case $1 in
    --prefix | --base)
      [ -n "${2:-}" ] || die "$1 wants a value; --help says which." 2
      if [ "$1" = --prefix ]; then prefix=$2; else base=${2%/}; fi
      shift
      ;;
    --uninstall) verb=uninstall ;;
    -h | --help) usage && exit 0 ;;
    *) die "$1 is no option; --help lists them." 2 ;;
  esac
  shift
done
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
"$verb"
