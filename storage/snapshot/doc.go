// Package snapshot keeps consistent snapshots of groups of jobs: the state of every operator and the position of every
// source at one epoch.
//
// State is made of pages (storage/state). A page is written once, under (namespace, page id). A snapshot is made of parts,
// one for each state (of an operator on some key groups, say): the state's own description and the ids of the pages that
// it consists of. The head, committed atomically and last, names the parts and the positions of the group's sources.
// A part can be named by several snapshots, so that a state which did not change costs nothing. What no head names was torn
// by a crash and is swept at Open.
//
// Groups change: a view that is created may join two of them, and one that is dropped may split its group. So what is kept is
// decided for each namespace (a relation's states): it stays in the newest snapshots that have it, of whichever group, and leaves the
// older ones; a snapshot goes with its last part. Retain takes the namespaces of dropped relations out. Parts and pages that no
// snapshot needs any more go in the same commit. Pages that a version in memory may still read are held by Pages.Pin.
//
// Invariants:
//   - A snapshot's pages, parts and head are all there, or the snapshot is not. Newest never gives a torn one.
//   - A page that a kept part uses is there. Dropping a part, and what only it needed, is one commit.
//   - Page ids rise within a namespace and name one content. Who restores a snapshot goes on at NextPageID, and nothing at
//     or above that id exists.
//   - Every page, part and head has a checksum; damage is XX001 and names the page or the snapshot.
package snapshot
