// Package set has the operators over whole rows: DISTINCT, INTERSECT, EXCEPT, and the check that a subquery gives one row.
//
// Rows are the same where SQL does not tell them apart (1.0 and 1.00 are one row of a DISTINCT); of such rows the first in
// the order of vec.RowComparator stands for all, so that the answer does not depend on which came first.
package set
