package session

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/pgcopy"
)

// copyAction is COPY.
func (s *Session) copyAction(stmt ast.Stmt, x *ast.Copy, params []types.Type) (*action, error) {
	switch {
	case x.Program:
		return nil, sqlerr.Unsupported("COPY with PROGRAM", `Pipe through psql's \copy.`).At(x.Pos)
	case !x.Stdio:
		return nil, sqlerr.Unsupported("COPY with a file of the server", `Use psql's \copy, or a stream or sink WITH (connector = 'file').`).At(x.Pos)
	case x.From:
		return s.copyFrom(x)
	}
	return s.copyTo(stmt, x, params)
}

// copyFrom is COPY FROM STDIN.
func (s *Session) copyFrom(x *ast.Copy) (*action, error) {
	c, err := planner.CopyFrom(s.bindContext(nil), x)
	if err != nil {
		if sqlerr.CodeOf(err) == sqlerr.UndefinedTable {
			sqlerr.From(err).Offset = 0 // as in PostgreSQL, which opens the table without its place in the text
		}
		return nil, err
	}
	r, _ := s.current().RelationByOID(c.Copy.Target.Relation)
	target := pgcopy.Target{From: true, Table: r.Name}
	for _, col := range r.Columns {
		target.Relation = append(target.Relation, col.Name)
	}
	for _, i := range c.Copy.Columns {
		target.Columns = append(target.Columns, format.Column{Name: r.Columns[i].Name, Type: r.Columns[i].Type})
	}
	options, err := pgcopy.Parse(x.Options, target)
	if err != nil {
		return nil, err
	}
	return &action{run: func(ctx context.Context, y *execution) (string, error) {
		ins, err := s.tx.NewInserter(ctx, &c.Copy.Insert, nil, nil)
		if err != nil {
			return "", err
		}
		in, err := y.out.CopyIn(options.Binary, len(target.Columns))
		if err != nil {
			return "", err
		}
		d := options.Decoder(s.TextEnv())
		ins.Where = d.Where
		n, err := readCopy(in, d, format.Types(target.Columns), s.copyFilter(c.Copy, ins))
		return fmt.Sprintf("COPY %d", n), err
	}}, nil
}

// copyFilter is COPY's WHERE before the insertion.
func (s *Session) copyFilter(c *physical.Copy, ins *txn.Inserter) func(*vec.Batch) (int, error) {
	return func(b *vec.Batch) (int, error) {
		before := ins.Rows
		err := ins.AddWhere(b, c.Where)
		return int(ins.Rows - before), err
	}
}

// copyChunk is how many bytes of COPY data are decoded at a time.
const copyChunk = 64 << 10

// readCopy decodes the client's data and inserts it batch by batch.
func readCopy(in io.Reader, d format.Decoder, ts []types.Type, add func(*vec.Batch) (int, error)) (total int, err error) {
	buf := make([]byte, copyChunk)
	batch := vec.NewBatch(ts, vec.BatchSize)
	for {
		n, rerr := in.Read(buf)
		d.Feed(buf[:n])
		if rerr != nil {
			if !errors.Is(rerr, io.EOF) {
				return total, rerr
			}
			d.End()
		}
		for {
			rows, err := d.Next(batch, vec.BatchSize)
			if err != nil {
				return total, err
			}
			if rows == 0 {
				break
			}
			added, err := add(batch)
			total += added
			if err != nil {
				return total, err
			}
		}
		if rerr != nil {
			return total, nil
		}
	}
}

// copyTo is COPY … TO STDOUT: of a relation, a query, or SUBSCRIBE.
func (s *Session) copyTo(stmt ast.Stmt, x *ast.Copy, params []types.Type) (*action, error) {
	q := x.Query
	table := ""
	if q == nil {
		sel, err := bind.CopyTo(s.bindContext(nil), x)
		if err != nil {
			return nil, err
		}
		q, table = sel, x.Table.Last()
	}
	inner, err := s.dispatch(context.Background(), ast.Stmt{Statement: q, Text: stmt.Text, Offset: stmt.Offset}, params)
	if err != nil {
		return nil, err
	}
	if inner.columns == nil {
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "COPY query must have a RETURNING clause").At(q.Position())
	}
	target := pgcopy.Target{Table: table}
	for _, c := range inner.columns {
		target.Columns = append(target.Columns, format.Column{Name: c.Name, Type: c.Type})
		target.Relation = append(target.Relation, c.Name)
	}
	options, err := pgcopy.Parse(x.Options, target)
	if err != nil {
		return nil, err
	}
	return &action{params: inner.params, run: func(ctx context.Context, y *execution) (string, error) {
		w, err := y.out.CopyOut(options.Binary, len(target.Columns))
		if err != nil {
			return "", err
		}
		return s.writeCopy(ctx, inner, y, w, options.Encoder(s.TextEnv()), options.Binary)
	}}, nil
}

// writeCopy runs a query with its rows encoded for the client. The binary format's header goes with the first message, as
// PostgreSQL sends it: clients that take messages for rows look for it there.
func (s *Session) writeCopy(ctx context.Context, inner *action, y *execution, w io.Writer, e format.Encoder, binary bool) (string, error) {
	buf := e.Header(nil)
	if !binary {
		if err := write(w, buf); err != nil {
			return "", err
		}
		buf = buf[:0]
	}
	rows := int64(0)
	x := &execution{Session: s, args: y.args, out: y.out, pause: y.pause}
	x.emit = func(b *vec.Batch) error {
		b = flat(b)
		rows += int64(b.Rows())
		one := *b
		for k := range b.Rows() { // a message has one row: clients take messages for rows
			one.Sel = []int32{int32(b.Row(k))}
			buf = e.Rows(buf, &one)
			if err := write(w, buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
		return nil
	}
	if _, err := inner.run(ctx, x); err != nil {
		return "", err
	}
	return fmt.Sprintf("COPY %d", rows), write(w, e.Trailer(buf))
}

func write(w io.Writer, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	_, err := w.Write(b)
	return err
}

// flat is b with a row for each of its weight.
func flat(b *vec.Batch) *vec.Batch {
	if b.Weights == nil {
		return b
	}
	out := *b
	out.Sel, out.Weights = []int32{}, nil
	for k := range b.Rows() {
		i := b.Row(k)
		out.Sel = append(out.Sel, repeat(int32(i), b.Weight(i))...)
	}
	return &out
}
