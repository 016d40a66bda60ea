package database

import (
	"encoding/binary"
	"encoding/json"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

// catalogFormat is the version of the stored objects' encoding.
const catalogFormat = 1

// storedObject is an object's stored form. Exactly one of the objects is set.
type storedObject struct {
	Format   int
	Schema   *catalog.Schema   `json:",omitempty"`
	Relation *catalog.Relation `json:",omitempty"`
}

// header is what the catalog has besides objects.
type header struct {
	Version uint64
	NextOID uint32
}

var headerName = []byte("catalog")

// storeChange adds to b what makes the stored catalog old into new.
func storeChange(b *kv.Batch, old, new *catalog.Catalog) error {
	for _, s := range new.Schemas() {
		if was, ok := old.SchemaByOID(s.OID); !ok || was != s {
			if err := storeObject(b, s.OID, storedObject{Schema: s}); err != nil {
				return err
			}
		}
	}
	diff := new.RelationsSince(old)
	for _, r := range diff.Put {
		if r.Kind != catalog.Virtual {
			if err := storeObject(b, r.OID, storedObject{Relation: r}); err != nil {
				return err
			}
		}
	}
	for _, s := range old.Schemas() {
		if _, ok := new.SchemaByOID(s.OID); !ok {
			b.Delete(objectKey(s.OID))
		}
	}
	for _, r := range diff.Dropped {
		b.Delete(objectKey(r.OID))
		if at := r.Computation(); len(new.Computed(at)) == 0 {
			b.Delete(resumedKey(at))
			b.Delete(recountsKey(at))
		}
	}
	h, err := json.Marshal(header{Version: new.Version(), NextOID: new.NextOID()})
	if err != nil {
		return err
	}
	b.Set(kv.MetaKey(kv.MetaCounter, headerName), h)
	return nil
}

func objectKey(oid uint32) []byte {
	return kv.MetaKey(kv.MetaCatalog, binary.BigEndian.AppendUint32(nil, oid))
}

func storeObject(b *kv.Batch, oid uint32, o storedObject) error {
	o.Format = catalogFormat
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	b.Set(objectKey(oid), data)
	return nil
}

// loadCatalog reads the stored catalog and adds the virtual relations of this binary.
func loadCatalog(store kv.Store, virtual []*catalog.Relation) (*catalog.Catalog, error) {
	var h header
	data, ok, err := store.Get(kv.MetaKey(kv.MetaCounter, headerName))
	if err != nil {
		return nil, err
	}
	if ok {
		if err := json.Unmarshal(data, &h); err != nil {
			return nil, sqlerr.Wrap(err, sqlerr.DataCorrupted, "the stored catalog's header cannot be read: %v", err)
		}
	}
	it, err := store.Scan(kv.MetaRange(kv.MetaCatalog))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var schemas []*catalog.Schema
	var relations []*catalog.Relation
	for it.Next() {
		value, err := it.Value()
		if err != nil {
			return nil, err
		}
		o, err := decodeObject(value)
		if err != nil {
			return nil, err
		}
		if o.Schema != nil {
			schemas = append(schemas, o.Schema)
		} else {
			relations = append(relations, o.Relation)
		}
	}
	return catalog.Restore(h.Version, h.NextOID, schemas, relations, virtual), it.Err()
}

func decodeObject(value []byte) (o storedObject, err error) {
	if err := json.Unmarshal(value, &o); err != nil {
		return o, sqlerr.Wrap(err, sqlerr.DataCorrupted, "a stored object of the catalog cannot be read: %v", err)
	}
	if o.Format > catalogFormat {
		return o, sqlerr.New(sqlerr.FeatureNotSupported, "a stored object of the catalog has format %d, newer than this binary's %d",
			o.Format, catalogFormat).WithHint("Start the data folder with the newer StreamDB that wrote it.")
	}
	if o.Schema == nil && o.Relation == nil {
		return o, sqlerr.New(sqlerr.DataCorrupted, "a stored object of the catalog is empty")
	}
	return o, nil
}
