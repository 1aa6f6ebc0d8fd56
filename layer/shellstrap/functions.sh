# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# Functions for scripts, in POSIX sh: `. /opt/shellstrap/functions.sh`. Shell functions have them without that. Documented
# in docs/scripts.md; names beginning with _shellstrap_ are none of yours. It only defines functions, so that it costs
# nothing to have it, and works under `set -eu`, with any IFS and in any locale.

# The milliseconds until the deadline, never negative. Fails where there is none.
# shellcheck disable=SC3028 # bash's own clock, where there is one
shellstrap_remaining_ms() {
  case ${AWS_LAMBDA_DEADLINE_MS:-} in '' | *[!0-9]*) return 1 ;; esac
  case ${EPOCHREALTIME:-} in
    *[.,]??????)
      _shellstrap_now=${EPOCHREALTIME%???}
      _shellstrap_now=${_shellstrap_now%[.,]*}${_shellstrap_now#*[.,]}
      ;;
    *) _shellstrap_now=$(date +%s%3N) ;;
  esac
  # A date without %N leaves letters there.
  case $_shellstrap_now in *[!0-9]*) _shellstrap_now=$(date +%s)000 ;; esac
  _shellstrap_left=$((AWS_LAMBDA_DEADLINE_MS - _shellstrap_now))
  if [ "$_shellstrap_left" -lt 0 ]; then _shellstrap_left=0; fi
  printf '%s\n' "$_shellstrap_left"
}

# shellstrap_log LEVEL TEXT...: each line of TEXT to the log, with a level that the log understands.
shellstrap_log() {
  _shellstrap_text=
  case ${1:-} in
    [Tt][Rr][Aa][Cc][Ee]) _shellstrap_level=TRACE ;;
    [Dd][Ee][Bb][Uu][Gg]) _shellstrap_level=DEBUG ;;
    [Ii][Nn][Ff][Oo]) _shellstrap_level=INFO ;;
    [Ww][Aa][Rr][Nn]) _shellstrap_level=WARN ;;
    [Ee][Rr][Rr][Oo][Rr]) _shellstrap_level=ERROR ;;
    [Ff][Aa][Tt][Aa][Ll]) _shellstrap_level=FATAL ;;
    *) _shellstrap_level=INFO _shellstrap_text="${1:-} " ;;
  esac
  if [ "$#" -gt 0 ]; then shift; fi
  for _shellstrap_word; do _shellstrap_text="$_shellstrap_text$_shellstrap_word "; done
  _shellstrap_text=${_shellstrap_text% }
  while :; do
    printf '%s: %s\n' "$_shellstrap_level" "${_shellstrap_text%%"$_shellstrap_newline"*}" >&2
    case $_shellstrap_text in
      *"$_shellstrap_newline"*) _shellstrap_text=${_shellstrap_text#*"$_shellstrap_newline"} ;;
      *) return 0 ;;
    esac
  done
}

# shellstrap_http [STATUS [CONTENT_TYPE]] < BODY: the answer of a function behind a URL.
shellstrap_http() {
  case ${1:-200} in
    [1-5][0-9][0-9]) ;;
    *)
      shellstrap_log ERROR "shellstrap_http: the status must be a number of three digits"
      return 2
      ;;
  esac
  _shellstrap_json "${2:-text/plain; charset=utf-8}"
  printf '{"statusCode":%s,"headers":{"Content-Type":"%s"},"body":"' "${1:-200}" "$_shellstrap_out"
  while IFS= read -r _shellstrap_line; do
    _shellstrap_json "$_shellstrap_line"
    printf '%s\\n' "$_shellstrap_out"
  done
  _shellstrap_json "$_shellstrap_line"
  printf '%s","isBase64Encoded":false}\n' "$_shellstrap_out"
}

# shellstrap_error TYPE MESSAGE [STATUS]: fails the call with an error of its own. Nothing else may have been answered.
shellstrap_error() {
  _shellstrap_json "${1:-}"
  _shellstrap_type=$_shellstrap_out
  _shellstrap_json "${2:-}"
  _shellstrap_out="{\"errorType\":\"$_shellstrap_type\",\"errorMessage\":\"$_shellstrap_out\"}"
  case ${SHELLSTRAP_RESPONSE:-stdout} in
    stderr) printf '%s\n' "$_shellstrap_out" >&2 ;;
    fd:[3-9]) printf '%s\n' "$_shellstrap_out" >&"${SHELLSTRAP_RESPONSE#fd:}" ;;
    *) printf '%s\n' "$_shellstrap_out" ;;
  esac
  exit "${3:-1}"
}

# shellstrap_json TEXT: as the inside of a JSON string, without the quotes.
shellstrap_json() {
  _shellstrap_json "${1:-}"
  printf '%s\n' "$_shellstrap_out"
}

_shellstrap_newline='
'

# _shellstrap_json TEXT: escaped in $_shellstrap_out. What is not UTF-8 becomes U+FFFD. Patterns must see bytes.
_shellstrap_json() {
  _shellstrap_locale=${LC_ALL-} _shellstrap_had_locale=${LC_ALL+yes}
  LC_ALL=C
  case $1 in
    *[!]-~\ !#-\[]*) _shellstrap_escape "$1" ;;
    *) _shellstrap_out=$1 ;;
  esac
  if [ "$_shellstrap_had_locale" ]; then LC_ALL=$_shellstrap_locale; else unset LC_ALL; fi
}

# In parts of 64 bytes: to cut off one byte costs a copy of the text.
_shellstrap_escape() {
  _shellstrap_rest=$1 _shellstrap_out=
  if [ -z "${_shellstrap_controls:-}" ]; then _shellstrap_make_tables; fi
  _shellstrap_part=
  while [ -n "$_shellstrap_rest" ]; do
    _shellstrap_tail=${_shellstrap_rest#????????????????????????????????????????????????????????????????}
    if [ "$_shellstrap_tail" = "$_shellstrap_rest" ]; then _shellstrap_tail=; fi
    _shellstrap_part=$_shellstrap_part${_shellstrap_rest%"$_shellstrap_tail"}
    _shellstrap_rest=$_shellstrap_tail
    # Four bytes at least, as long as there are more: a character of UTF-8 is not torn.
    while [ "${#_shellstrap_part}" -gt 3 ]; do _shellstrap_take; done
  done
  while [ -n "$_shellstrap_part" ]; do _shellstrap_take; done
}

# The beginning of $_shellstrap_part: a run of plain characters, or one other.
_shellstrap_take() {
  _shellstrap_head=${_shellstrap_part%%[!]-~\ !#-\[]*}
  if [ -n "$_shellstrap_head" ]; then
    _shellstrap_out=$_shellstrap_out$_shellstrap_head
    _shellstrap_part=${_shellstrap_part#"$_shellstrap_head"}
    return 0
  fi
  _shellstrap_byte=${_shellstrap_part%"${_shellstrap_part#?}"}
  case $_shellstrap_byte in
    '"') _shellstrap_out=$_shellstrap_out'\"' ;;
    \\) _shellstrap_out="$_shellstrap_out\\\\" ;;
    "$_shellstrap_newline") _shellstrap_out=$_shellstrap_out'\n' ;;
    *)
      _shellstrap_head=${_shellstrap_controls%%"$_shellstrap_byte"*}
      if [ "$_shellstrap_head" = "$_shellstrap_controls" ]; then
        _shellstrap_character
        return 0
      fi
      _shellstrap_hex "${#_shellstrap_head}"
      ;;
  esac
  _shellstrap_part=${_shellstrap_part#?}
}

# \u00XX of one of the 32 control characters; 31 is that of 0x7f.
_shellstrap_hex() {
  _shellstrap_digits=0123456789abcdef
  _shellstrap_code=$(($1 + 1))
  if [ "$_shellstrap_code" -eq 32 ]; then _shellstrap_code=127; fi
  _shellstrap_out="${_shellstrap_out}\\u00$((_shellstrap_code / 16))"
  _shellstrap_code=$((_shellstrap_code % 16))
  while [ "$_shellstrap_code" -gt 0 ]; do
    _shellstrap_digits=${_shellstrap_digits#?}
    _shellstrap_code=$((_shellstrap_code - 1))
  done
  _shellstrap_out=$_shellstrap_out${_shellstrap_digits%"${_shellstrap_digits#?}"}
}

# One character of UTF-8, or U+FFFD for a byte that begins none (RFC 3629, section 4).
_shellstrap_character() {
  _shellstrap_number "$_shellstrap_byte"
  _shellstrap_low=128 _shellstrap_high=191
  case $_shellstrap_code in
    19[4-9] | 20[0-9] | 21[0-9] | 22[0-3]) _shellstrap_more=1 ;;
    22[4-9] | 23[0-9]) _shellstrap_more=2 ;;
    24[0-4]) _shellstrap_more=3 ;;
    *) _shellstrap_more=0 ;;
  esac
  case $_shellstrap_code in
    224) _shellstrap_low=160 ;;
    237) _shellstrap_high=159 ;;
    240) _shellstrap_low=144 ;;
    244) _shellstrap_high=143 ;;
  esac
  _shellstrap_part=${_shellstrap_part#?}
  _shellstrap_found=$_shellstrap_byte
  _shellstrap_after=$_shellstrap_part
  if [ "$_shellstrap_more" -eq 0 ]; then _shellstrap_found=$_shellstrap_unknown; fi
  while [ "$_shellstrap_more" -gt 0 ]; do
    _shellstrap_byte=${_shellstrap_after%"${_shellstrap_after#?}"}
    _shellstrap_number "$_shellstrap_byte"
    if [ "$_shellstrap_code" -lt "$_shellstrap_low" ] || [ "$_shellstrap_code" -gt "$_shellstrap_high" ]; then
      _shellstrap_out=$_shellstrap_out$_shellstrap_unknown
      return 0
    fi
    _shellstrap_low=128 _shellstrap_high=191
    _shellstrap_found=$_shellstrap_found$_shellstrap_byte
    _shellstrap_after=${_shellstrap_after#?}
    _shellstrap_more=$((_shellstrap_more - 1))
  done
  _shellstrap_out=$_shellstrap_out$_shellstrap_found
  _shellstrap_part=$_shellstrap_after
}

# The number of a byte from 0x80 on; 0 of any other, and of none.
_shellstrap_number() {
  _shellstrap_code=0
  if [ -z "$1" ]; then return 0; fi
  _shellstrap_head=${_shellstrap_upper%%"$1"*}
  if [ "$_shellstrap_head" = "$_shellstrap_upper" ]; then return 0; fi
  _shellstrap_code=$((${#_shellstrap_head} + 128))
}

# Where a byte stands in them is its number: POSIX sh has no other way without a process.
_shellstrap_make_tables() {
  _shellstrap_controls=$(printf '\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37\177')
  _shellstrap_upper=$(printf '\200\201\202\203\204\205\206\207\210\211\212\213\214\215\216\217')$(
    printf '\220\221\222\223\224\225\226\227\230\231\232\233\234\235\236\237'
  )$(printf '\240\241\242\243\244\245\246\247\250\251\252\253\254\255\256\257')$(
    printf '\260\261\262\263\264\265\266\267\270\271\272\273\274\275\276\277'
  )$(printf '\300\301\302\303\304\305\306\307\310\311\312\313\314\315\316\317')$(
    printf '\320\321\322\323\324\325\326\327\330\331\332\333\334\335\336\337'
  )$(printf '\340\341\342\343\344\345\346\347\350\351\352\353\354\355\356\357')$(
    printf '\360\361\362\363\364\365\366\367\370\371\372\373\374\375\376\377'
  )
  _shellstrap_unknown=$(printf '\357\277\275')
}
