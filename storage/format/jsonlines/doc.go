// Package jsonlines reads and writes rows as JSON objects, one a line.
//
// Read: a member is the column of its name; members without a column are left out, columns without a member are null, of equal
// names the last counts (as in PostgreSQL's json_populate_record). A string's contents, a number, true and false are
// the text of the value; an array becomes an array; anything is a value of json and jsonb, and of text as it is spelled.
//
// Written: as PostgreSQL's row_to_json: numbers, booleans, arrays and JSON as such, all else as strings, times with a T.
//
// Invariant: no value of a member refers to bytes that are not its line's, and a line is read whole or not at all.
package jsonlines
