package file

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// commitSuffix is behind a sink's path in the name of its commit file.
const commitSuffix = ".commit"

// record is what a commit file says: which cut the sink's file has, and how long it is with it.
type record struct{ epoch, size uint64 }

// commits is a sink's commit file. It has two slots, written in turn: a write that is torn by a crash leaves the other.
//
// A slot is the magic, a hash of the sink's ID, epoch and size, and a checksum of these: little-endian, 32 bytes.
type commits struct {
	file *os.File
	id   uint32
	next int64 // the slot to write
	last record
}

const (
	slotSize    = 32
	commitMagic = 0x534b4331 // "1CKS"
)

func idHash(id string) uint32 { return crc32.ChecksumIEEE([]byte(id)) }

// openCommits opens the commit file of a sink's path. found is false when there is none.
func openCommits(root *os.Root, path, id string) (c *commits, found bool, err error) {
	f, err := root.OpenFile(path+commitSuffix, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fileError(err, "open", path+commitSuffix)
	}
	c = &commits{file: f, id: idHash(id)}
	if err := c.read(path); err != nil {
		f.Close()
		return nil, true, err
	}
	return c, true, nil
}

// createCommits makes the commit file of a new sink.
func createCommits(root *os.Root, path, id string) (*commits, error) {
	f, err := root.OpenFile(path+commitSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, fileError(err, "create", path+commitSuffix)
	}
	return &commits{file: f, id: idHash(id)}, nil
}

// read finds the newest slot. A file without a whole slot is of a sink that had not committed.
func (c *commits) read(path string) error {
	var buf [2 * slotSize]byte
	n, _ := c.file.ReadAt(buf[:], 0)
	for slot := range int64(2) {
		b := buf[slot*slotSize : (slot+1)*slotSize]
		if n < int(slot+1)*slotSize || binary.LittleEndian.Uint32(b) != commitMagic ||
			crc32.ChecksumIEEE(b[:24]) != binary.LittleEndian.Uint32(b[24:]) {
			continue
		}
		if binary.LittleEndian.Uint32(b[4:]) != c.id {
			return belongsToOther(path)
		}
		r := record{binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])}
		if r.epoch >= c.last.epoch {
			c.last, c.next = r, 1-slot
		}
	}
	return nil
}

func belongsToOther(path string) error {
	return sqlerr.New(sqlerr.DuplicateFile, "file \"%s\" belongs to another sink", path).
		WithHint("Choose another path, or remove the file and \"%s\".", path+commitSuffix)
}

// write records a cut.
func (c *commits) write(r record, sync bool) error {
	var b [slotSize]byte
	binary.LittleEndian.PutUint32(b[:], commitMagic)
	binary.LittleEndian.PutUint32(b[4:], c.id)
	binary.LittleEndian.PutUint64(b[8:], r.epoch)
	binary.LittleEndian.PutUint64(b[16:], r.size)
	binary.LittleEndian.PutUint32(b[24:], crc32.ChecksumIEEE(b[:24]))
	if _, err := c.file.WriteAt(b[:], c.next*slotSize); err != nil {
		return err
	}
	if sync {
		if err := c.file.Sync(); err != nil {
			return err
		}
	}
	c.last, c.next = r, 1-c.next
	return nil
}
