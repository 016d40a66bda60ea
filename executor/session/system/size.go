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
		n += indexBytes(db, o)
	}
	return n
}

// indexBytes is the memory of an index, which its relation's has in it.
func indexBytes(db *database.Database, o *database.Object) int64 {
	if o.Meta.IndexDef == nil {
		return 0
	}
	on, ok := db.Object(o.Meta.IndexDef.On)
	if !ok || on.Relation == nil {
		return 0
	}
	return on.Relation.IndexBytes(o.Meta.OID)
}
