package register

import "time"

// searchWindow is the time in which one address may search sixty times.
const searchWindow = 10 * time.Minute
