package openid

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// accepted are the signatures an ID token may have. None of them can be made with what everybody knows: there is no
// "none" among them, and no HS256, which would take a published key for a shared secret.
var accepted = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.RS384, jose.PS384, jose.ES384, jose.RS512, jose.PS512, jose.ES512, jose.EdDSA}

// skew is how far the clock of a provider may be from ours.
const skew = time.Minute

// errNoKey says that the key of a signature is not among those we have; perhaps among those published since.
var errNoKey = errors.New("no such key")

// keysIn are the keys of a published set; those of a kind we do not know are for others (RFC 7517 §5).
func keysIn(b []byte) (set jose.JSONWebKeySet, err error) {
	var raw struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(b, &raw); err != nil {
		return set, err
	}
	for _, one := range raw.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(one) == nil && k.IsPublic() {
			set.Keys = append(set.Keys, k)
		}
	}
	if len(set.Keys) == 0 {
		return set, errors.New("no key that signatures could be checked with")
	}
	return set, nil
}

// read checks the signature of an ID token and gives its claims and its algorithm.
func read(token string, keys jose.JSONWebKeySet) (claims map[string]any, alg string, err error) {
	jws, err := jose.ParseSignedCompact(token, accepted)
	if err != nil {
		return nil, "", err
	}
	head := jws.Signatures[0].Header
	candidates := slices.DeleteFunc(slices.Clone(keys.Keys), func(k jose.JSONWebKey) bool {
		return head.KeyID != "" && k.KeyID != head.KeyID || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != head.Algorithm
	})
	if len(candidates) == 0 {
		return nil, "", errNoKey
	}
	for _, k := range candidates {
		b, err := jws.Verify(k)
		if err != nil {
			continue
		}
		claims, err = object(b)
		return claims, head.Algorithm, err
	}
	return nil, "", errors.New("the signature was made with another key")
}

// wanted is what an ID token has to say to be ours.
type wanted struct {
	issuer, client, nonce, access string
	maxAge                        int64 // seconds; -1: none
	now                           time.Time
}

var errOld = errors.New("signed in too long ago")

// check looks at every claim that somebody else's token would have wrong (OpenID Connect Core §3.1.3.7).
func (w wanted) check(claims map[string]any, alg string) error {
	no := func(what string) error { return fmt.Errorf("%s: %v", what, claims[what]) }
	sub, isText := claims["sub"].(string)
	audience, azp := texts(claims["aud"]), text(claims, "azp")
	exp, hasExp := number(claims, "exp")
	iat, hasIat := number(claims, "iat")
	nbf, hasNbf := number(claims, "nbf")
	auth, hasAuth := number(claims, "auth_time")
	hash, hasHash := claims["at_hash"]
	switch {
	case text(claims, "iss") != w.issuer:
		return no("iss")
	case !isText || sub == "" || text(claims, "sub") != sub || len(sub) > 255:
		return no("sub")
	case !slices.Contains(audience, w.client):
		return no("aud")
	case len(audience) > 1 && azp == "", claims["azp"] != nil && azp != w.client:
		return no("azp")
	case text(claims, "nonce") != w.nonce:
		return no("nonce")
	case !hasExp || !w.now.Before(exp.Add(skew)):
		return no("exp")
	case !hasIat || iat.After(w.now.Add(skew)):
		return no("iat")
	case hasNbf && nbf.After(w.now.Add(skew)):
		return no("nbf")
	case hasHash && hash != half(alg, w.access):
		return no("at_hash")
	case w.maxAge >= 0 && !hasAuth:
		return no("auth_time")
	case w.maxAge >= 0 && w.now.Sub(auth) > time.Duration(w.maxAge)*time.Second+skew:
		return errOld
	}
	return nil
}

// half is the left half of a hash, by which an ID token names the access token beside it.
func half(alg, access string) string {
	var sum []byte
	switch alg[len(alg)-3:] {
	case "384":
		s := sha512.Sum384([]byte(access))
		sum = s[:]
	case "512", "DSA":
		s := sha512.Sum512([]byte(access))
		sum = s[:]
	default:
		s := sha256.Sum256([]byte(access))
		sum = s[:]
	}
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
