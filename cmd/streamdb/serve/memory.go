package serve

// ballastBytes keeps the garbage collector from running every few megabytes of garbage while state is small. The memory is never
// touched, so it takes no room; what it costs is up to as much garbage before a collection.
const ballastBytes = 64 << 20

// keepBallast gives the ballast, to be kept alive for as long as the server runs.
func keepBallast() []byte { return make([]byte, ballastBytes) }
