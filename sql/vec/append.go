package vec

// The typed appends add one value that is not null to a column of the kind they name; AppendNull adds a null to any.

// AppendBool adds a boolean.
func (v *Vector) AppendBool(b bool) {
	x := uint8(0)
	if b {
		x = 1
	}
	v.Bool = append(v.Bool, x)
	v.appended()
}

// AppendInt32 adds to a column of KindInt32.
func (v *Vector) AppendInt32(i int32) {
	v.I32 = append(v.I32, i)
	v.appended()
}

// AppendInt64 adds to a column of KindInt64.
func (v *Vector) AppendInt64(i int64) {
	v.I64 = append(v.I64, i)
	v.appended()
}

// AppendFloat adds to a column of KindFloat.
func (v *Vector) AppendFloat(f float64) {
	v.F64 = append(v.F64, f)
	v.appended()
}

// AppendBytes adds to a column of KindBytes, copying b.
func (v *Vector) AppendBytes(b []byte) {
	v.Str = append(v.Str, Span{uint32(len(v.Data)), uint32(len(b))})
	v.Data = append(v.Data, b...)
	v.appended()
}

// appended records that the new last value is not null.
func (v *Vector) appended() {
	if v.Valid != nil {
		v.Valid = v.Valid.Append(v.Len()-1, true)
	}
}
