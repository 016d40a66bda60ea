package settings

import (
	"maps"
	"strings"
)

// Values are a session's values: what it set for good, what its transaction set (undone by a rollback) and what it set for the
// transaction alone (SET LOCAL). It is for one goroutine.
type Values struct {
	base    map[string]string // at the session's start
	session map[string]string
	tx      *scope          // nil outside of a transaction
	own     scope           // what tx points to: a transaction that sets nothing costs nothing
	changed map[string]bool // reported settings that changed since Changed
	version uint64
}

// scope is a transaction's values: those before it, to go back to, and the local ones.
type scope struct {
	before map[string]string // a copy of session, made before the first change; nil until then
	local  map[string]string
	saves  []save
}

type save struct{ session, local map[string]string }

// NewValues makes the values of a new session.
func NewValues() *Values {
	return &Values{base: map[string]string{}, session: map[string]string{}, changed: map[string]bool{}}
}

// Init sets a value for the session's start: RESET goes back to it.
func (v *Values) Init(name, value string) error {
	s, ok := Find(name)
	if !ok {
		return Unknown(name)
	}
	canonical, err := s.CheckInitial(value)
	if err == nil {
		v.version++
		v.base[s.Name] = canonical
	}
	return err
}

// Get is the value in force. Names with a dot are the user's own and need not be known.
func (v *Values) Get(name string) (string, bool) {
	key := ""
	s, known := Find(name)
	if known {
		key = s.Name
	} else {
		key = strings.ToLower(name)
	}
	if v.tx != nil {
		if x, ok := v.tx.local[key]; ok {
			return x, true
		}
	}
	if x, ok := v.session[key]; ok {
		return x, true
	}
	if x, ok := v.base[key]; ok {
		return x, true
	}
	if known {
		return s.initial, true
	}
	return "", false
}

// Set changes a value, for the session or for the transaction alone.
func (v *Values) Set(name, value string, local bool) error {
	key := strings.ToLower(name)
	if s, ok := Find(name); ok {
		canonical, err := s.Check(value)
		if err != nil {
			return err
		}
		key, value = s.Name, canonical
	} else if !strings.Contains(name, ".") {
		return Unknown(name)
	}
	v.put(key, value, local)
	return nil
}

func (v *Values) put(key, value string, local bool) {
	before, _ := v.Get(key)
	v.touch()
	switch {
	case local && v.tx != nil:
		v.tx.local[key] = value
	case local: // outside a block it lasts as long as its statement: not at all
	default:
		v.session[key] = value
		if v.tx != nil {
			delete(v.tx.local, key)
		}
	}
	if after, _ := v.Get(key); after != before {
		v.changed[key] = true
	}
}

// Reset goes back to the value of the session's start; ResetAll does so for all.
func (v *Values) Reset(name string) error {
	s, ok := Find(name)
	if !ok {
		if !strings.Contains(name, ".") {
			return Unknown(name)
		}
		v.touch()
		delete(v.session, strings.ToLower(name))
		return nil
	}
	if err := s.Changeable(); err != nil {
		return err
	}
	value, ok := v.base[s.Name]
	if !ok {
		value = s.initial
	}
	v.put(s.Name, value, false)
	return nil
}

// ResetAll resets every setting.
func (v *Values) ResetAll() {
	for name := range maps.Clone(v.session) {
		_ = v.Reset(name) // what is in session can be reset
	}
}

// Begin begins a transaction's scope, and End ends it: a rollback undoes what it set.
func (v *Values) Begin() {
	if v.tx == nil {
		v.own = scope{}
		v.tx = &v.own
	}
}

// touch is called before a value changes: the transaction keeps what was there before its first change.
func (v *Values) touch() {
	v.version++
	if v.tx == nil {
		return
	}
	if v.tx.before == nil {
		v.tx.before = maps.Clone(v.session)
	}
	if v.tx.local == nil { // also after a rollback to a savepoint that had none
		v.tx.local = map[string]string{}
	}
}

// Version tells one state of the values from another: while it stays the same, so do all values.
func (v *Values) Version() uint64 { return v.version }

// End is Begin's opposite.
func (v *Values) End(commit bool) {
	if v.tx == nil {
		return
	}
	tx := v.tx
	v.tx = nil
	if tx.before == nil {
		return
	}
	v.version++
	for k := range tx.local {
		v.changed[k] = true
	}
	if !commit {
		v.restore(tx.before)
	}
}

func (v *Values) restore(before map[string]string) {
	for k := range v.session {
		v.changed[k] = true
	}
	v.session = before
	for k := range before {
		v.changed[k] = true
	}
}

// Save remembers the values at a savepoint and gives its number; RollbackTo goes back to it.
func (v *Values) Save() int {
	if v.tx == nil {
		return 0
	}
	v.tx.saves = append(v.tx.saves, save{maps.Clone(v.session), maps.Clone(v.tx.local)})
	return len(v.tx.saves) - 1
}

// RollbackTo is Save's opposite.
func (v *Values) RollbackTo(n int) {
	if v.tx == nil || n >= len(v.tx.saves) {
		return
	}
	s := v.tx.saves[n]
	v.touch()
	v.tx.saves = v.tx.saves[:n+1]
	for k := range v.tx.local {
		v.changed[k] = true
	}
	v.tx.local = maps.Clone(s.local)
	v.restore(maps.Clone(s.session))
}

// Changed gives the reported settings that have changed since the last call, by their names, with their values.
func (v *Values) Changed() (out [][2]string) {
	if len(v.changed) == 0 {
		return nil
	}
	for _, s := range sorted {
		if s.Report && v.changed[s.Name] {
			value, _ := v.Get(s.Name)
			out = append(out, [2]string{s.Name, value})
		}
	}
	clear(v.changed)
	return out
}

// Reported are all reported settings with their values: what a client is told at the start.
func (v *Values) Reported() (out [][2]string) {
	for _, s := range sorted {
		if s.Report {
			value, _ := v.Get(s.Name)
			out = append(out, [2]string{s.Name, value})
		}
	}
	return out
}
