#!/usr/bin/env bash
# Checks the list of licences with openssl alone (docs/ledger.md).
#
#   ledger.sh list  entries.txt checkpoint.txt checkpoint.p7s roots.pem [older-checkpoint.txt]
#   ledger.sh proof proof.txt checkpoint.p7s roots.pem
set -euo pipefail
export LC_ALL=C
fail() { echo "NOT OK: $*" >&2; exit 1; }
hash() { openssl dgst -sha256 -binary | xxd -p -c 64; }
leaf() { { printf '\000'; cat; } | hash; }                        # RFC 6962: H(0x00 text)
node() { { printf '\001'; xxd -r -p <<<"$1$2"; } | hash; }        # RFC 6962: H(0x01 left right)
hex() { base64 -d <<<"$1" | xxd -p -c 64; }
line() { sed -n "$2p" "$1"; }

# The signature over a checkpoint, judged as of the time that stands in it.
signed() { # checkpoint p7s roots
	local at; at=$(sed -n 's/^at //p' "$1")
	openssl cms -verify -inform DER -in "$2" -content "$1" -binary -CAfile "$3" -purpose any \
		-attime "$(date -u -d "$at" +%s)" -out /dev/null 2>/dev/null || fail "the signature is not over this checkpoint, or its signer is not trusted"
}

# Entry n of a list, with the line end that it is hashed with.
part() { awk -v RS= -v n="$2" 'NR == n { print; exit }' "$1"; }

# The root of the first n hashes in the array leaves.
root() { # from n
	local from=$1 n=$2 k=1
	if ((n == 1)); then echo "${leaves[from]}"; return; fi
	while ((k * 2 < n)); do k=$((k * 2)); done
	node "$(root "$from" "$k")" "$(root $((from + k)) $((n - k)))"
}

case "${1-}" in
list)
	entries=$2 checkpoint=$3
	signed "$checkpoint" "$4" "$5"
	size=$(line "$checkpoint" 2)
	leaves=()
	for ((i = 1; i <= size; i++)); do
		[[ $(part "$entries" "$i" | sed -n 2p) == *": $i" ]] || fail "entry $i does not stand at its place"
		leaves+=("$(part "$entries" "$i" | leaf)")
	done
	for c in "$checkpoint" ${6+"$6"}; do
		n=$(line "$c" 2)
		((n <= size)) || fail "$c is of more entries than the list has"
		[[ $(line "$c" 1) == "$(line "$checkpoint" 1)" ]] || fail "$c is of another list"
		((n == 0)) || [[ $(root 0 "$n") == "$(hex "$(line "$c" 3)")" ]] || fail "the first $n entries do not come to the root of $c"
	done
	echo "OK: $size entries are what was signed${6+, and begin with those of $6}"
	;;
proof)
	tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
	part "$2" 1 >"$tmp/path"; part "$2" 2 >"$tmp/entry"; part "$2" 3 >"$tmp/checkpoint"
	signed "$tmp/checkpoint" "$3" "$4"
	position=$(sed -n 's/^position //p' "$tmp/path")
	[[ $(line "$tmp/entry" 2) == *": $position" ]] || fail "the proof is of another entry"
	at=$((position - 1)) last=$(($(line "$tmp/checkpoint" 2) - 1)) h=$(leaf <"$tmp/entry")
	while read -r side; do
		((last > 0)) || fail "the path is too long"
		if ((at % 2 == 1 || at == last)); then
			h=$(node "$(hex "$side")" "$h")
			while ((at % 2 == 0 && at > 0)); do at=$((at / 2)) last=$((last / 2)); done
		else
			h=$(node "$h" "$(hex "$side")")
		fi
		at=$((at / 2)) last=$((last / 2))
	done < <(tail -n +3 "$tmp/path")
	((last == 0)) || fail "the path is too short"
	[[ $h == "$(hex "$(line "$tmp/checkpoint" 3)")" ]] || fail "the path does not lead to the root"
	echo "OK: entry $position stands in the list that was signed"
	cat "$tmp/entry"
	;;
*) sed -n '2,5p' "$0" >&2; exit 2 ;;
esac
