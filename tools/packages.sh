#!/usr/bin/env bash
# Installs the Debian packages that are named and missing. Without apt, or without the right to use it, it says what is
# missing and goes on: the tests that need it say so themselves (and fail where CI is set).
#
#	tools/packages.sh chromium qpdf
set -euo pipefail

missing=()
for p in "$@"; do
	case $p in
	nodejs | npm) command -v npm >/dev/null && continue ;; # Node.js from elsewhere is as good
	esac
	[[ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" == installed ]] || missing+=("$p")
done
((${#missing[@]})) || exit 0

as=()
if ((EUID)); then
	if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as=(sudo); else as=(no); fi
fi
if [[ ${as[0]:-} == no ]] || ! command -v apt-get >/dev/null; then
	echo "packages: missing and not installed here: ${missing[*]}" >&2
	exit 0
fi
echo "packages: installing ${missing[*]}"
"${as[@]}" apt-get update -qq
"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
	echo "packages: apt-get could not install ${missing[*]}" >&2
