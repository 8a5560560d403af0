package openid

// ChallengeOf is for tests that play a client.
var ChallengeOf = challengeOf

// Half is for tests that play a provider.
var Half = half

// SweepNow is the daily work.
var SweepNow = sweep
