package main

// allQueries are the Nexmark project's.
var allQueries = []string{
	"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13", "q14", "q15", "q16", "q17", "q18", "q19", "q20", "q21", "q22",
}

// millions is for how many million events Flink takes twenty to thirty seconds on two cores.
var millions = map[string]int64{
	"q0": 60, "q1": 60, "q2": 50, "q3": 50, "q4": 10, "q5": 15, "q6": 10, "q7": 4, "q8": 40, "q9": 5, "q10": 40, "q11": 20, "q12": 40,
	"q13": 40, "q14": 40, "q15": 12, "q16": 2, "q17": 20, "q18": 10, "q19": 10, "q20": 8, "q21": 20, "q22": 40,
}

// incomparable says why the answers to a query need not be equal.
var incomparable = map[string]string{
	"q12": "windows of each server's clock",
}
