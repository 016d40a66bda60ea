// Package plot draws the charts of the benchmarks' reports as SVG, and writes the reports. It has what these need and no more.
//
// Invariants:
//   - The same figures make the same bytes, so that a report that is committed changes only where its figures do.
package plot
