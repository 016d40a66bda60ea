package fn

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/types"
)

// The explicit lists: a topic's file holds its literals, and a new topic is a line here.
var (
	functionLists = [][]*Func{textFuncs, cutFuncs, padFuncs, quoteFuncs, concatFuncs, encodeFuncs, likeEscapeFuncs, regexFunctions, intFuncs, numericFuncs, floatFuncs,
		extractFuncs, truncFuncs, makeFuncs, overlapsFuncs, nowFuncs, toCharFuncs, numberToCharFuncs, fromCharFuncs, arrayFuncs, arrayTextFuncs, setFuncs, jsonbFuncs,
		jsonFuncs, sessionFuncs, catalogFuncs, accessFuncs, objectFuncs, serverFuncs, peerFuncs}
	operatorLists  = [][]*Func{comparisons, intOperators, floatOperators, numericOperators, datetimeOperators, concatOperators, likeOperators, regexOperators, recordOperators, arrayOperators, jsonbOperators, prefixOperators}
	aggregateLists = [][]*Aggregate{countAggregates, intSums, floatSums, numericSums, intervalSums, extremes, bitAggregates, listAggregates, orderedSetAggregates, jsonbAggregates, jsonAggregates,
		varianceAggregates, regressionAggregates}
)

// Functions are all scalar and set-returning functions, in the order of their topics.
func Functions() []*Func { return slices.Concat(functionLists...) }

// Operators are all operators.
func Operators() []*Func { return slices.Concat(operatorLists...) }

// Aggregates are all aggregates.
func Aggregates() []*Aggregate { return slices.Concat(aggregateLists...) }

// Windows are the functions that are only window functions.
func Windows() []*Window { return windows }

// Lookup gives the overloads of a function; none if the name is unknown. The caller resolves among them.
func Lookup(name string) []*Func { return functionIndex()[name] }

// LookupOperator gives the overloads of an operator, prefix ones (of one argument) included.
func LookupOperator(name string) []*Func { return operatorIndex()[name] }

// LookupAggregate gives the overloads of an aggregate.
func LookupAggregate(name string) []*Aggregate { return aggregateIndex()[name] }

// LookupWindow gives the overloads of a window function.
func LookupWindow(name string) []*Window { return windowIndex()[name] }

var (
	functionIndex  = sync.OnceValue(func() map[string][]*Func { return index(Functions(), funcName) })
	operatorIndex  = sync.OnceValue(func() map[string][]*Func { return index(Operators(), funcName) })
	aggregateIndex = sync.OnceValue(func() map[string][]*Aggregate {
		return index(Aggregates(), func(a *Aggregate) string { return a.Name })
	})
	windowIndex = sync.OnceValue(func() map[string][]*Window {
		return index(Windows(), func(w *Window) string { return w.Name })
	})
)

func funcName(f *Func) string { return f.Name }

func index[T any](all []T, name func(T) string) map[string][]T {
	m := map[string][]T{}
	for _, x := range all {
		m[name(x)] = append(m[name(x)], x)
	}
	return m
}

// Find gives the function or operator that has exactly these parameters, or nil: how stored plans name functions.
func Find(name string, args []types.Type) *Func {
	for _, overloads := range [][]*Func{Lookup(name), LookupOperator(name)} {
		for _, f := range overloads {
			if slices.EqualFunc(f.Args, args, types.Type.Same) {
				return f
			}
		}
	}
	return nil
}

// FindAggregate gives the aggregate that has exactly these parameters, or nil.
func FindAggregate(name string, args []types.Type) *Aggregate {
	for _, a := range LookupAggregate(name) {
		if slices.EqualFunc(a.Args, args, types.Type.Same) {
			return a
		}
	}
	return nil
}
