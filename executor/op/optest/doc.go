// Package optest runs operators in tests as drivers do and holds them to what the contract of package op asks of all of
// them.
//
//   - ZSet is a naive Z-set, for models and for what an operator has emitted so far.
//   - Harness drives one operator: pushes rows (in batches with a selection and constant columns), ends steps, moves its state
//     to another operator, and checks that a step's output is consolidated and that no page is left in the end.
//   - Check is the property that an operator's accumulated output is at every cut what a model computes from scratch,
//     however the input is split into batches, and whether or not its state is moved in between.
//   - Script is the same harness for readable cases in text files.
//
// It is imported by tests only.
package optest
