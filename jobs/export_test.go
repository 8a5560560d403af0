package jobs

// Die takes away what shows that the crew's program lives, as when it is killed; its job hangs on.
func Die(c *Crew) { c.alive.release() }
