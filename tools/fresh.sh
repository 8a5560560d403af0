#!/usr/bin/env bash
# Says whether the generated pages (*_templ.go) belong to their templates: generates them again beside the tree and
# compares. Which folder templ was started in shows in the file names of its error places, so those are left out.
set -euo pipefail
cd "$(dirname "$0")/.."

beside=$(mktemp -d)
trap 'rm -rf "$beside"' EXIT
find . -name '*.templ' -not -path '*/node_modules/*' -print0 | xargs -0 cp --parents -t "$beside"
cp go.mod "$beside"
go tool -modfile=tools/templ/go.mod templ generate -path "$beside" >"$beside/said" 2>&1 || { cat "$beside/said"; exit 1; }

plain() { sed 's/FileName: `[^`]*`/FileName: ``/' "$1"; }
stale=0
while read -r f; do
	if ! cmp -s <(plain "$beside/$f") <(plain "$f"); then
		echo "$f is not what its template gives; run: make generate"
		stale=1
	fi
done < <(cd "$beside" && find . -name '*_templ.go' | sort)
while read -r f; do
	[[ -e ${f%_templ.go}.templ ]] || { echo "$f has no template any more"; stale=1; }
done < <(find . -name '*_templ.go' -not -path '*/node_modules/*')
exit $stale
