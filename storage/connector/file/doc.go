// Package file is the connector to files of CSV or JSON lines under the server's folder for files: a bounded, replayable source,
// and a sink that appends.
//
// Invariants:
//   - No path leaves the folder, not even through a symbolic link (os.Root).
//   - A source's position is a byte offset between two rows. The file must not be changed while a stream reads it.
//   - A sink's file has whole cuts only, each once, whatever crashes: what is behind the size in the commit file is cut off
//     when the sink is opened again. A file that this sink did not make is never touched.
package file
