package session

import (
	"context"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// set is SET.
func (s *Session) set(x *ast.Set) error {
	switch strings.ToLower(x.Name) {
	case "transaction_isolation", "transaction_read_only":
		return s.setMode(x)
	case "role", "session_authorization":
		return s.setRole(x)
	}
	if x.Local && s.block == noBlock {
		s.notice(sqlerr.NewWarning(sqlerr.NoActiveSQLTransaction, "SET LOCAL can only be used in transaction blocks"))
	}
	if len(x.Values) == 0 {
		return s.settings.Reset(x.Name)
	}
	if err := s.settings.Set(x.Name, joinValues(x), x.Local); err != nil {
		return sqlerr.From(err).At(x.Pos)
	}
	return nil
}

// joinValues is a SET's list as the setting's text: names are quoted where they need it.
func joinValues(x *ast.Set) string {
	if len(x.Values) == 1 {
		return x.Values[0].Text
	}
	parts := make([]string, len(x.Values))
	for i, v := range x.Values {
		parts[i] = v.Text
		if v.Kind == ast.ValueString && !plainIdent(v.Text) {
			parts[i] = `"` + strings.ReplaceAll(v.Text, `"`, `""`) + `"`
		}
	}
	return strings.Join(parts, ", ")
}

func plainIdent(s string) bool {
	for i, r := range s {
		if !(r >= 'a' && r <= 'z' || r == '_' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != ""
}

// setMode is SET transaction_isolation and transaction_read_only: modes of the present transaction.
func (s *Session) setMode(x *ast.Set) error {
	if len(x.Values) == 0 {
		return nil
	}
	find, _ := settings.Find(x.Name)
	value, err := find.Check(x.Values[0].Text)
	if err != nil {
		return err
	}
	var m ast.TransactionModes
	if strings.EqualFold(x.Name, "transaction_isolation") {
		m.Isolation = value
	} else {
		m.Access = map[string]string{"on": "read only", "off": "read write"}[value]
	}
	return s.setTransaction(&ast.SetTransaction{Pos: x.Pos, Modes: m})
}

// setRole is SET ROLE and SET SESSION AUTHORIZATION: there is one role to become.
func (s *Session) setRole(x *ast.Set) error {
	if len(x.Values) == 0 || x.Values[0].Text == "none" || x.Values[0].Text == s.user {
		return nil
	}
	return sqlerr.New(sqlerr.UndefinedObject, "role %q does not exist", x.Values[0].Text).At(x.Pos)
}

// reset is RESET.
func (s *Session) reset(x *ast.Reset) error {
	switch strings.ToLower(x.Name) {
	case "":
		s.settings.ResetAll()
		return nil
	case "role", "session_authorization", "transaction_isolation", "transaction_read_only":
		return nil
	}
	return s.settings.Reset(x.Name)
}

// discard is DISCARD.
func (s *Session) discard(x *ast.Discard) (string, error) {
	switch x.What {
	case "all":
		if s.block != noBlock {
			return "", sqlerr.New(sqlerr.ActiveSQLTransaction, "DISCARD ALL cannot run inside a transaction block")
		}
		s.closeCursors()
		s.deallocateAll()
		s.settings.ResetAll()
		s.engine.channels.leaveAll(s)
		s.engine.advisory.releaseAll(s, false)
		clear(s.lastval)
		return "DISCARD ALL", nil
	case "sequences":
		clear(s.lastval)
	}
	return "DISCARD " + strings.ToUpper(x.What), nil
}

// showAction is SHOW of settings.
func (s *Session) showAction(x *ast.Show) (*action, error) {
	text := types.T(types.Text)
	if x.All {
		return &action{columns: []engine.Column{{Name: "name", Type: text}, {Name: "setting", Type: text}, {Name: "description", Type: text}},
			run: func(_ context.Context, x *execution) (string, error) {
				b := vec.NewBatch([]types.Type{text, text, text}, 0)
				for _, set := range settings.All() {
					b.AppendRow(1, types.NewText(set.Name), types.NewText(s.show(set.Name)), types.NewText(set.Doc))
				}
				return "SHOW", x.give(b)
			}}, nil
	}
	name := strings.ToLower(x.Name)
	if found, ok := settings.Find(name); ok {
		name = found.Name
	} else if _, ok := s.settings.Get(name); !ok && !strings.HasPrefix(name, "role") {
		return nil, sqlerr.From(settings.Unknown(x.Name)).At(x.Pos)
	}
	return &action{columns: []engine.Column{{Name: name, Type: text}}, run: func(_ context.Context, x *execution) (string, error) {
		b := vec.NewBatch([]types.Type{text}, 1)
		b.AppendRow(1, types.NewText(s.show(name)))
		return "SHOW", x.give(b)
	}}, nil
}

// show is the value of a setting as SHOW gives it.
func (s *Session) show(name string) string {
	switch name {
	case "transaction_isolation":
		if s.tx == nil {
			return s.setting("default_transaction_isolation")
		}
		for text, level := range isolations {
			if level == s.modes.isolation && text != "read uncommitted" {
				return text
			}
		}
	case "transaction_read_only":
		if s.tx != nil && s.modes.readOnly {
			return "on"
		}
		return "off"
	case "role":
		return "none"
	}
	return s.setting(name)
}
