package main

// allQueries are the Nexmark project's.
var allQueries = []string{
	"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13", "q14", "q15", "q16", "q17", "q18", "q19", "q20", "q21", "q22",
}

// incomparable says why the answers to a query need not be equal.
var incomparable = map[string]string{
	"q12": "windows of each server's clock",
}

// reference are rates in million events a second that were measured before, on two cores, one engine at a time. Those of Flink and
// Spark say how many events make a run of some length; DBSP is not run here, so its figures are scaled by Flink's. 0: not known, or refused.
type reference struct{ flink, dbsp, spark float64 }

var references = map[string]reference{
	"q0": {3.05, 1.57, 3.42}, "q1": {2.78, 0.99, 3.51}, "q2": {2.25, 1.40, 3}, "q3": {2.61, 1.23, 1.53}, "q4": {0.39, 0.90, 0},
	"q5": {0.73, 1.17, 0.13}, "q6": {0, 0, 0}, "q7": {0.15, 0.85, 0.1}, "q8": {2.01, 1.27, 0.87}, "q9": {0.17, 0.33, 0.1},
	"q10": {2, 0, 2}, "q11": {0.97, 0, 0.5}, "q12": {1.66, 1.25, 1}, "q13": {2, 0, 2}, "q14": {2.06, 1.31, 2}, "q15": {0.64, 0.64, 0},
	"q16": {0.08, 0.32, 0}, "q17": {1.08, 0.51, 1.41}, "q18": {0.56, 0.61, 0.45}, "q19": {0.53, 0.57, 0}, "q20": {0.28, 0.62, 0.2},
	"q21": {0.84, 1.31, 1}, "q22": {1.64, 1.17, 2},
}

// dbspSlow are DBSP's rates where that matters at a hundred thousand events to a second of event time, or fewer.
var dbspSlow = map[string]float64{"q5": 0.63, "q7": 0.48}

const slowEventRate = 100_000

// dbspShare is Flink's rate in a share of DBSP's, by which a ratio to Flink becomes one to DBSP; 0 if that is not known.
func dbspShare(query string, eventRate int64) float64 {
	r := references[query]
	if slow, ok := dbspSlow[query]; ok && eventRate <= slowEventRate {
		r.dbsp = slow
	}
	if r.dbsp == 0 {
		return 0
	}
	return r.flink / r.dbsp
}

// target is how many times Flink's rate StreamDB is to have.
func target(query string) float64 {
	switch query {
	case "q4", "q7", "q9", "q16", "q20":
		return 20
	case "q18", "q19":
		return 10
	default:
		return 3
	}
}
