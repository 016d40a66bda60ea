package system

import "github.com/streamdb/streamdb/executor/database"

// Bytes is the memory that a relation at work takes, with 0 that of all. It is 0 for what is not at work.
func Bytes(db *database.Database, oid uint32) int64 {
	if db == nil {
		return 0
	}
	var n int64
	add := func(o *database.Object) {
		if o.Relation != nil {
			n += o.Relation.Bytes()
		}
		if o.Job != nil {
			n += o.Job.StateBytes()
		}
	}
	if oid == 0 {
		db.Objects(add)
	} else if o, ok := db.Object(oid); ok {
		add(o)
	}
	return n
}
