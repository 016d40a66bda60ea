package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Ctx is what an evaluation is given. It must not change while one runs.
type Ctx struct {
	// Env is the surroundings that stable functions read; it may be nil when none is called.
	Env fn.Env
	// Params are the values of the statement's parameters.
	Params []types.Datum
	// Fail is told that row i (an index into the columns, not the selection) failed. It may be told of a row more than
	// once; the first error counts. See Errors.
	Fail func(i int32, err error)
}

// Program is a compiled expression with its buffers. It belongs to one goroutine.
type Program struct {
	root step
	typ  types.Type
	f    frame
	sel  []int32
}

// Compile makes a Program of n. It fails on nodes that are not this package's, and on casts that do not exist.
func Compile(n Node) (*Program, error) {
	root, err := compile(n)
	if err != nil {
		return nil, err
	}
	return &Program{root: root, typ: n.Type()}, nil
}

// Type is the type of the result.
func (p *Program) Type() types.Type { return p.typ }

// Eval computes the rows of b that are selected. The result has b.N rows (those not selected are unspecified) or is Const;
// it is the program's, and valid until the next evaluation, unless the expression is a column: then it is b's.
func (p *Program) Eval(ctx *Ctx, b *vec.Batch) *vec.Vector {
	return p.EvalRows(ctx, b.Cols, b.N, b.Sel)
}

// EvalRows is Eval over n rows of cols, of which sel (nil: all) are wanted.
func (p *Program) EvalRows(ctx *Ctx, cols []*vec.Vector, n int, sel []int32) *vec.Vector {
	return p.root.eval(&p.f, p.start(ctx, cols, n, sel))
}

// Filter gives the selected rows of b for which the expression, a boolean, is true. The selection is the program's, and
// valid until its next evaluation.
func (p *Program) Filter(ctx *Ctx, b *vec.Batch) []int32 {
	return p.FilterRows(ctx, b.Cols, b.N, b.Sel)
}

// FilterRows is Filter over n rows of cols, of which sel (nil: all) are asked for.
func (p *Program) FilterRows(ctx *Ctx, cols []*vec.Vector, n int, sel []int32) []int32 {
	sel = p.start(ctx, cols, n, sel)
	if p.sel == nil || cap(p.sel) < len(sel) { // never nil, which would mean all rows
		p.sel = make([]int32, 0, roomFor(len(sel)))
	}
	p.sel = filter(p.root, &p.f, sel, p.sel[:0])
	return p.sel
}

// roomFor is for how many rows a selection of n is made: a batch's, as others will come; that of a point read is not made larger.
func roomFor(n int) int {
	const few = 16
	if n <= few {
		return few
	}
	return max(n, vec.BatchSize)
}

func (p *Program) start(ctx *Ctx, cols []*vec.Vector, n int, sel []int32) []int32 {
	f := &p.f
	f.cols, f.n, f.params, f.fail = cols, n, ctx.Params, ctx.Fail
	f.ctx.Use(ctx.Env)
	if f.ctx.Fail == nil {
		f.ctx.Fail = f.failed
	}
	if sel == nil {
		sel = f.all(n)
	}
	return sel
}

// frame is the state of one evaluation, shared by the program's steps.
type frame struct {
	cols   []*vec.Vector
	n      int
	params []types.Datum
	fail   func(i int32, err error)
	// ctx is what kernels see; its Fail notes the rows in bad besides telling the caller.
	ctx fn.Ctx
	// once says that a kernel runs on constants for all of a selection: its errors are held back and told for each row.
	once    bool
	onceErr error
	bad     []int32
	rows    []int32 // 0, 1, 2, …
}

// all is the selection of n rows.
func (f *frame) all(n int) []int32 {
	for i := len(f.rows); i < n; i++ {
		f.rows = append(f.rows, int32(i))
	}
	return f.rows[:n]
}

func (f *frame) failed(i int32, err error) {
	if f.once {
		if f.onceErr == nil {
			f.onceErr = err
		}
		return
	}
	f.bad = append(f.bad, i)
	f.report(i, err)
}

func (f *frame) report(i int32, err error) {
	if f.fail != nil {
		f.fail(i, err)
	}
}

// step is a compiled node.
type step interface {
	// eval computes the rows sel, which are ascending. The result may be Const; it is the step's until it runs again.
	eval(f *frame, sel []int32) *vec.Vector
}

// filterStep is a step that can narrow a selection without making a column of booleans.
type filterStep interface {
	// filter appends to dst the rows of sel for which the step is true; dst may be sel[:0].
	filter(f *frame, sel, dst []int32) []int32
}

// filter narrows sel by s.
func filter(s step, f *frame, sel, dst []int32) []int32 {
	if len(sel) == 0 {
		return dst
	}
	if fs, ok := s.(filterStep); ok {
		return fs.filter(f, sel, dst)
	}
	return selectTrue(s.eval(f, sel), sel, dst)
}

// selectTrue appends to dst the rows of sel where v, a boolean column, is true.
func selectTrue(v *vec.Vector, sel, dst []int32) []int32 {
	if v.Const {
		if v.IsNull(0) || v.Bool[0] == 0 {
			return dst
		}
		return append(dst, sel...)
	}
	if v.Valid != nil {
		for _, i := range sel {
			if v.Bool[i] != 0 && v.Valid.Get(int(i)) {
				dst = append(dst, i)
			}
		}
		return dst
	}
	n := len(dst)
	if cap(dst) < n+len(sel) {
		dst = append(make([]int32, 0, n+len(sel)), dst...)
	}
	dst = dst[:n+len(sel)]
	for _, i := range sel {
		dst[n] = i
		n += int(v.Bool[i])
	}
	return dst[:n]
}
