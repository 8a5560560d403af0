package openid

// What tests play the other side with.
var (
	ChallengeOf = challengeOf
	Half        = half
	Read        = read
	SweepNow    = sweep
)

// Credential reads what comes back in the older style.
func Credential(body string) (map[string]any, error) { return credential(reply{body: []byte(body)}) }
