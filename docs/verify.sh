#!/usr/bin/env bash
# Verifies the archive of a round with unzip, sha256sum, jq and openssl, and nothing else. docs/bundle.md says what it does.
#
#   verify.sh bundle.zip cards.pem [authorities.pem]
#
# cards.pem: the authorities of the cards whom you trust, roots and those below them, of every generation;
# authorities.pem: those of the keys by which the building authorities sign (cards.pem if it is not given).
# It ends with 0 if everything is good, otherwise with 1 and a line for each thing that is not.
set -uo pipefail
export LC_ALL=C.UTF-8

[[ $# -ge 2 ]] || { echo "usage: $0 bundle.zip cards.pem [authorities.pem]" >&2; exit 2; }
bundle=$1 cards=$(realpath "$2") authorities=$(realpath "${3:-$2}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0
say() { echo "✗ $*"; bad=1; }

# 1. Names: only those of docs/bundle.md, each once; so nothing is written outside the folder.
unzip -Z1 "$bundle" >"$dir/names" 2>/dev/null || { echo "✗ no archive"; exit 1; }
[[ -z $(sort "$dir/names" | uniq -d) ]] || say "a name stands twice"
if grep -Evx 'README\.txt|round\.(json|p7s)|form\.json|receipt\.pdf|(files|renderings)/([0-9a-f]{64}(\.[a-z0-9]{1,8})?)?|seals/([0-9]{2,4}\.(txt|p7s|ocsp|json))?|certificates/([A-Za-z0-9_-]{1,80}\.pem)?' "$dir/names"; then
	echo "✗ names that have no place in a bundle"; exit 1
fi
mkdir "$dir/b"
unzip -qq -o -d "$dir/b" "$bundle" >/dev/null 2>&1 || say "it does not unpack whole"
cd "$dir/b" || exit 1

# 2. Digests: each file is what its name says, and the manifest names it.
sum() { sha256sum "$1" 2>/dev/null | cut -c1-64; }
m() { jq -r "$1" round.json; }
declare -A of
while IFS=$'\t' read -r key value; do of[$key]=$value; done < <(m 'to_entries[] | select(.value | type != "array") | "\(.key)\t\(.value)"')
[[ ${of[purpose]-} == "cloudbm submission" ]] || { echo "✗ no manifest"; exit 1; }
[[ $(sum form.json) == "${of[form_sha256]-}" ]] || say "form.json is not the form that was submitted"
m '(.sheets + .papers)[]?.digest' | sort -u >../named
for d in $(cat ../named); do
	f=$(compgen -G "files/$d*" | head -1)
	[[ -n $f && $(sum "$f") == "$d" ]] || say "the file $d is missing or changed"
done
for f in files/* renderings/*; do
	[[ -e $f ]] || continue
	d=$(basename "$f"); d=${d%%.*}
	[[ $(sum "$f") == "$d" ]] || say "$f is changed"
	[[ $f != files/* ]] || grep -qx "$d" ../named || say "$f was not submitted"
done

# 3. Seals: the text is about this case, the signature is good as of then, and what it names is what the round has.
n=0
received=$(date -u -d "${of[at]-}" +%s) || exit 1
: >../sealed
for txt in $(ls seals 2>/dev/null | cut -d. -f1 | sort -un); do
	n=$((n + 1)); s=seals/$txt
	[[ $((10#$txt)) == "$n" ]] || { say "a seal before $txt is missing"; n=$((10#$txt)); }
	[[ -e $s.txt && -e $s.p7s ]] || { say "seal $txt is not whole"; continue; }
	[[ $(head -1 "$s.txt") == "cloudbm seal 1" ]] || { say "seal $txt is no seal"; continue; }
	line() { sed -n "s/^[^a-z]*$1: //p" "$s.txt" | head -1; }
	for pair in authority serial type case; do
		[[ $(line "$pair") == "${of[$pair]-}" ]] || say "seal $txt: another $pair"
	done
	[[ $(line round) -le ${of[round]-0} ]] || say "seal $txt is for a later round"
	at=$(date -u -d "$(line time)" +%s) || { say "seal $txt has no time"; continue; }
	[[ $at -le $((received + 300)) ]] || say "seal $txt is dated after the submission"
	if ! openssl cms -verify -binary -inform DER -in "$s.p7s" -content "$s.txt" -CAfile "$cards" -partial_chain -purpose any \
		-attime "$at" -signer ../signer.pem -out /dev/null 2>../why; then
		say "seal $txt: $(tail -1 ../why)"; continue
	fi
	name=$(openssl x509 -in ../signer.pem -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *\(commonName\|organizationName\) *= //p' | tail -1)
	[[ $name == "$(line signer)" ]] || say "seal $txt: the certificate is that of $name"
	if [[ -e $s.ocsp ]]; then
		# The certificate's issuer is among those of the signature; which one it is, its name says.
		openssl cms -in "$s.p7s" -inform DER -cmsout -certsout ../all.pem -out /dev/null 2>/dev/null || openssl pkcs7 -inform DER -in "$s.p7s" -print_certs -out ../all.pem
		csplit -sz -f ../one- ../all.pem '/BEGIN CERT/' '{*}'
		issuer=$(openssl x509 -in ../signer.pem -noout -issuer_hash)
		for one in ../one-*; do
			[[ $(openssl x509 -in "$one" -noout -subject_hash 2>/dev/null) != "$issuer" ]] || cp "$one" ../issuer.pem
		done
		# As of when it was made; that it was made then, or up to a day after the seal, is looked at by itself.
		made=$(openssl ocsp -respin "$s.ocsp" -resp_text -noverify 2>/dev/null | sed -n 's/^ *This Update: //p' | head -1)
		made=$(date -u -d "$made" +%s 2>/dev/null || echo 0)
		openssl ocsp -respin "$s.ocsp" -issuer ../issuer.pem -cert ../signer.pem -CAfile "$cards" -partial_chain -attime "$made" -no_nonce \
			-validity_period 2000000000 >../said 2>&1
		grep -q '^Response verify OK' ../said || say "seal $txt: the answer about revocation does not count"
		status=$(sed -n "s/^.*signer.pem: //p" ../said)
		[[ $made -ge $((at - 7 * 86400)) && $made -le $((at + 86400)) ]] || say "seal $txt: the answer about revocation is of another time"
		case $status in
		good) ;;
		revoked)
			revoked=$(date -u -d "$(sed -n 's/^.*Revocation Time: //p' ../said)" +%s)
			[[ $revoked -gt $at ]] || say "seal $txt: the certificate was revoked before" ;;
		*) say "seal $txt: nothing is known about revocation" ;;
		esac
		rm -f ../one-* ../issuer.pem
	else
		say "seal $txt: nothing is known about revocation"
	fi
	while read -r kind id number version page file picture _; do
		case $kind in
		form:) want=${of[form_sha256]-} have=$file ;;
		sheet:) want=$(jq -r --arg v "$id" '.sheets[]? | select(.version == $v) | "\(.digest) \(.number) \(.n) \(.page)"' round.json) have="$file $number $version $page" ;;
		paper:) want=$(jq -r --arg v "$id" '.papers[]? | select(.paper == $v) | .digest' round.json) have=$file ;;
		*) continue ;;
		esac
		if [[ -z $want ]]; then
			echo "  seal $txt: $number is of another round"
		elif [[ $want != "$have" && $kind != form: ]]; then
			say "seal $txt: another content of $number"
		elif [[ $want == "$have" ]]; then
			echo "$kind$id" >>../sealed
			[[ $picture == - || -e renderings/$picture.png ]] || say "seal $txt: what was shown of $number is missing"
		fi
	done < <(grep -E '^(form|sheet|paper): ' "$s.txt")
done
sha256sum seals/*.txt seals/*.p7s 2>/dev/null >../kept
for d in $(m '.seals[]? | .text_sha256, .signature_sha256'); do
	grep -q "^$d " ../kept || say "a seal that the manifest names is missing, or another"
done
[[ $(m '.seals | length') == 0 || $(m '.seals | length') -eq $n ]] || say "there are seals that the manifest does not name"
for want in "form:${of[case]-}" $(m '.sheets[]? | "sheet:" + .version'); do
	grep -qxF "$want" ../sealed || say "nobody has sealed $want"
done

# 4. The authority's signature over the manifest, as of when it says that it signed.
if [[ -e round.p7s ]]; then
	at=$(openssl cms -cmsout -print -inform DER -in round.p7s 2>/dev/null | grep -A3 'signingTime' | sed -n 's/^.*\(UTCTIME\|GENERALIZEDTIME\)://p' | head -1)
	at=$(date -u -d "$at" +%s 2>/dev/null || echo "$received")
	openssl cms -verify -binary -inform DER -in round.p7s -content round.json -CAfile "$authorities" -partial_chain -purpose any -attime "$at" \
		-signer ../authority.pem -out /dev/null 2>../why || say "the authority's signature: $(tail -1 ../why)"
	openssl x509 -in ../authority.pem -noout -subject -nameopt utf8,-esc_msb 2>/dev/null
else
	say "the authority has not signed the manifest"
fi

echo "round.json: $(sum round.json)"
[[ $bad == 0 ]] && echo "✓ everything is as it was submitted, sealed and signed"
exit $bad
