package factors

import "time"

// CodeFor is what an app with that secret shows at now.
func CodeFor(secret string, now time.Time) string {
	code, err := codeAt(secret, now.Unix()/period)
	if err != nil {
		panic(err)
	}
	return code
}

// StepOf is the rule of taking codes.
var StepOf = stepOf
