package fn

import (
	"bytes"
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var regexPatterns = &cache[*regex]{compile: func(pattern []byte, fold bool) (*regex, error) {
	return compileRegex(pattern, regexFlags{icase: fold})
}}

// regexFor is the compiled pattern with option letters.
func regexFor(pattern, flags []byte, allowGlobal bool, function string) (*regex, regexFlags, error) {
	f, err := parseRegexFlags(flags, allowGlobal, function)
	if err != nil {
		return nil, f, err
	}
	plain := f
	plain.global, plain.icase = false, false
	if plain == (regexFlags{}) {
		re, err := regexPatterns.get(pattern, f.icase)
		return re, f, err
	}
	re, err := compileRegex(pattern, f)
	return re, f, err
}

var regexOperators = concat(
	regexFuncs("~", false, false, "Matches the regular expression."),
	regexFuncs("~*", true, false, "Matches the regular expression, whatever the case."),
	regexFuncs("!~", false, true, "Does not match the regular expression."),
	regexFuncs("!~*", true, true, "Does not match the regular expression, whatever the case."))

func regexFuncs(name string, fold, not bool, doc string) []*Func {
	example := "'thomas' " + name + " 't.*m' → true"
	if not {
		example = "'thomas' " + name + " 't.*m' → false"
	}
	var fs []*Func
	for _, t := range []types.Type{textT, types.T(types.Name), types.T(types.BPChar)} {
		fs = append(fs, &Func{Name: name, Args: []types.Type{t, textT}, Ret: boolT, Doc: doc, Example: example, Kernel: regexKernel(fold, not)})
	}
	return fs
}

func regexKernel(fold, not bool) Kernel {
	flip := b2u(not)
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		s, m := args[0], mask(args[0])
		var re *regex
		var err error
		for k, i := range sel {
			if k == 0 || !args[1].Const {
				re, err = regexPatterns.get(args[1].Bytes(int(i)&mask(args[1])), fold)
			}
			if err != nil {
				c.Fail(i, err)
				continue
			}
			out.Bool[i] = b2u(re.Match(s.Bytes(int(i)&m))) ^ flip
		}
	}
}

var (
	text3Args = []types.Type{textT, textT, textT}
	textArray = types.ArrayOf(textT)
)

var regexFunctions = []*Func{
	{Name: "regexp_match", Args: text3Args, Optional: 1, Ret: textArray, Doc: "The captured parts of the first match, or the match; null if there is none.",
		Example: "regexp_match('foobarbequebaz', '(bar)(beque)') → {bar,beque}", Kernel: rowwise(regexpMatch)},
	{Name: "regexp_matches", Args: text3Args, Optional: 1, Ret: textArray, Set: true, Doc: "The captured parts of the first match, or with g of every match.",
		Example: "regexp_matches('foobarbequebaz', 'ba.', 'g') → {bar}", Table: regexpMatches},
	{Name: "regexp_replace", Args: text3Args, Ret: textT, Doc: "The string with the first match replaced; \\1 to \\9 and \\& stand for captured parts and the match.",
		Example: "regexp_replace('Thomas', '.[mN]a.', 'M') → ThM", Kernel: rowwise(regexpReplace)},
	{Name: "regexp_replace", Args: []types.Type{textT, textT, textT, textT}, Ret: textT, Doc: "The string with the first match, or with g every match, replaced.",
		Example: "regexp_replace('foobarbaz', 'b..', 'X', 'g') → fooXX", Kernel: rowwise(regexpReplace)},
	{Name: "regexp_split_to_array", Args: text3Args, Optional: 1, Ret: textArray, Doc: "The parts of the string between matches.",
		Example: `regexp_split_to_array('hello world', '\s+') → {hello,world}`, Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			parts, err := regexpSplit(a, "regexp_split_to_array()")
			return types.ArrayDatum(textT, types.NewArray(parts)), err
		})},
	{Name: "regexp_split_to_table", Args: text3Args, Optional: 1, Ret: textT, Set: true, Doc: "The parts of the string between matches, a row each.",
		Example: `regexp_split_to_table('hello world', '\s+') → hello`, Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			parts, err := regexpSplit(a, "regexp_split_to_table()")
			return emitAll(parts, emit, err)
		}},
	{Name: "regexp_count", Args: textText, Ret: int4T, Doc: "Number of matches.", Example: "regexp_count('123456789012', '\\d\\d\\d') → 4",
		Kernel: map2(func(_ *Ctx, s, pattern []byte) (int32, error) {
			re, err := regexPatterns.get(pattern, false)
			if err != nil {
				return 0, err
			}
			return int32(len(allMatches(re, s))), nil
		})},
	{Name: "regexp_like", Args: textText, Ret: boolT, Doc: "Whether there is a match.", Example: "regexp_like('Hello World', 'world$') → false",
		Kernel: regexKernel(false, false)},
	{Name: "regexp_like", Args: text3Args, Ret: boolT, Doc: "Whether there is a match.", Example: "regexp_like('Hello World', 'world$', 'i') → true",
		Kernel: map3(func(_ *Ctx, s, pattern, flags []byte) (uint8, error) {
			re, _, err := regexFor(pattern, flags, false, "regexp_like()")
			if err != nil {
				return 0, err
			}
			return b2u(re.Match(s)), nil
		})},
	{Name: "regexp_substr", Args: textText, Ret: textT, Doc: "The first match; null if there is none.", Example: "regexp_substr('ABCDEF', 'c(.)(..)') → NULL",
		Kernel: slices2(func(s, pattern []byte) sliceRow {
			re, err := regexPatterns.get(pattern, false)
			if err != nil {
				return sliceRow{err: err}
			}
			loc := re.FindIndex(s)
			if loc == nil {
				return sliceRow{err: errNull}
			}
			return sliceRow{lo: loc[0], hi: loc[1]}
		})},
	{Name: "substring", Args: textText, Ret: textT, Doc: "The part that matches the regular expression, or its first captured part.",
		Example: "substring('Thomas', '...$') → mas", Kernel: slices2(substringRegex)},
	{Name: "substring", Args: text3Args, Ret: textT, Doc: "The part that matches the SQL regular expression (SIMILAR … ESCAPE).",
		Example: `substring('Thomas', '%#"o_a#"_', '#') → oma`, Kernel: slices3(substringSimilar)},
	{Name: "similar_to_escape", Args: []types.Type{textT}, Ret: textT, Doc: "An SQL regular expression (SIMILAR TO) as a POSIX one.",
		Example: "similar_to_escape('a%') → ^(?:a.*)$", Kernel: text1(func(_ *Ctx, dst, p []byte) ([]byte, error) { return similarToRegex(dst, p, []byte(`\`)) })},
	{Name: "similar_to_escape", Args: textText, Ret: textT, Doc: "An SQL regular expression (SIMILAR TO … ESCAPE) as a POSIX one.",
		Example: "similar_to_escape('a#%', '#') → ^(?:a\\%)$", Kernel: text2(func(_ *Ctx, dst, p, e []byte) ([]byte, error) { return similarToRegex(dst, p, e) })},
}

// flagsOf are the option letters among the arguments, if given.
func flagsOf(a []types.Datum, at int) []byte {
	if len(a) > at {
		return a[at].B
	}
	return nil
}

func regexpMatch(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	re, _, err := regexFor(a[1].B, flagsOf(a, 2), false, "regexp_match()")
	if err != nil {
		return types.Null, withHint(err, "Use the regexp_matches function instead.")
	}
	loc := re.FindSubmatchIndex(a[0].B)
	if loc == nil {
		return types.Null, nil
	}
	return captures(a[0].B, loc), nil
}

func withHint(err error, hint string) error {
	if e := sqlerr.From(err); e != nil && e.Code == sqlerr.InvalidParameterValue && bytes.Contains([]byte(e.Message), []byte("global")) {
		return e.WithHint("%s", hint)
	}
	return err
}

// captures is the array of the captured parts, or of the match itself where nothing is captured.
func captures(s []byte, loc []int) types.Datum {
	if len(loc) > 2 {
		loc = loc[2:]
	}
	parts := make([]types.Datum, len(loc)/2)
	for k := range parts {
		if lo := loc[2*k]; lo < 0 {
			parts[k] = types.Null
		} else {
			parts[k] = types.NewBytes(s[lo:loc[2*k+1]])
		}
	}
	return types.ArrayDatum(textT, types.NewArray(parts))
}

// allMatches are the matches one after another. After an empty match the search goes on a character further, and, as in
// PostgreSQL, an empty match may touch the end of the one before.
func allMatches(re *regex, s []byte) [][]int { return re.FindAllSubmatchIndex(s, -1) }

func regexpMatches(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
	re, f, err := regexFor(a[1].B, flagsOf(a, 2), true, "")
	if err != nil {
		return err
	}
	matches := allMatches(re, a[0].B)
	if !f.global && len(matches) > 1 {
		matches = matches[:1]
	}
	for _, loc := range matches {
		if err := emit([]types.Datum{captures(a[0].B, loc)}); err != nil {
			return err
		}
	}
	return nil
}

func regexpReplace(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	flags := flagsOf(a, 3)
	if len(flags) > 0 && flags[0] >= '0' && flags[0] <= '9' {
		return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, `invalid regular expression option: "%c"`, flags[0]).
			WithHint("If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.")
	}
	re, f, err := regexFor(a[1].B, flags, true, "")
	if err != nil {
		return types.Null, err
	}
	matches := allMatches(re, a[0].B)
	if !f.global && len(matches) > 1 {
		matches = matches[:1]
	}
	s, at := a[0].B, 0
	var out []byte
	for _, loc := range matches {
		out = append(out, s[at:loc[0]]...)
		out = appendReplacement(out, a[2].B, s, loc)
		at = loc[1]
	}
	return types.NewBytes(append(out, s[at:]...)), nil
}

// appendReplacement writes a replacement with \1 … \9, \& and \\.
func appendReplacement(dst, with, s []byte, loc []int) []byte {
	for i := 0; i < len(with); i++ {
		if with[i] != '\\' || i+1 == len(with) {
			dst = append(dst, with[i])
			continue
		}
		i++
		var group int
		switch c := with[i]; {
		case c == '&':
			group = 0
		case c >= '1' && c <= '9':
			group = int(c - '0')
		case c == '\\':
			dst = append(dst, '\\')
			continue
		default:
			dst = append(dst, '\\', c)
			continue
		}
		if 2*group < len(loc) && loc[2*group] >= 0 {
			dst = append(dst, s[loc[2*group]:loc[2*group+1]]...)
		}
	}
	return dst
}

// regexpSplit gives the parts between matches; an empty match at the start, at the end, or right behind another is none.
func regexpSplit(a []types.Datum, function string) ([]types.Datum, error) {
	re, _, err := regexFor(a[1].B, flagsOf(a, 2), false, function)
	if err != nil {
		return nil, err
	}
	s, at := a[0].B, 0
	var parts []types.Datum
	for _, loc := range re.FindAllIndex(s, -1) {
		if loc[0] == loc[1] && (loc[0] == at && at == 0 || loc[0] >= len(s)) {
			continue
		}
		parts = append(parts, types.NewBytes(s[at:loc[0]]))
		at = loc[1]
	}
	return append(parts, types.NewBytes(s[at:])), nil
}

func emitAll(values []types.Datum, emit func([]types.Datum) error, err error) error {
	if err != nil {
		return err
	}
	for _, d := range values {
		if err := emit([]types.Datum{d}); err != nil {
			return err
		}
	}
	return nil
}

func substringRegex(s, pattern []byte) sliceRow {
	re, err := regexPatterns.get(pattern, false)
	if err != nil {
		return sliceRow{err: err}
	}
	return firstCapture(re.FindSubmatchIndex(s))
}

func firstCapture(loc []int) sliceRow {
	if loc == nil {
		return sliceRow{err: errNull}
	}
	if len(loc) > 2 {
		loc = loc[2:4]
	}
	if loc[0] < 0 {
		return sliceRow{err: errNull}
	}
	return sliceRow{lo: loc[0], hi: loc[1]}
}

func substringSimilar(s, pattern, escape []byte) sliceRow {
	re, err := similarToRegex(nil, pattern, escape)
	if err != nil {
		return sliceRow{err: err}
	}
	return substringRegex(s, slices.Clip(re))
}
