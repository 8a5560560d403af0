package openid

// ChallengeOf is for tests that play a client.
var ChallengeOf = challengeOf
