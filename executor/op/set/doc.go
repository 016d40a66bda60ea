// Package set has the operators over whole rows: DISTINCT, INTERSECT, EXCEPT, and the check that a subquery gives one row.
//
// They are aggregations: rows are grouped by all columns (or the check's keys) and counted, and the result follows from the
// counts. So they are built on package agg, and add what turns counts into rows. DISTINCT over rows that are only added needs
// no counts, and emits a row when it first sees it.
//
// Rows are the same where SQL does not tell them apart (1.0 and 1.00 are one row of a DISTINCT). Of the forms of a value the
// least is shown, so that the answer does not depend on which came first.
package set
