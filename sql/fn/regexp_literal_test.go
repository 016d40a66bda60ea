package fn

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestLeadingLiteral compares searches that go by a literal with package regexp's own, on random patterns and texts of few letters.
func TestLeadingLiteral(t *testing.T) {
	part := rapid.SampledFrom([]string{"", "^", "a", "b?", "(a|^)", "[ab]", "(^|b|ab)", "(é|a)", ".", "(?:a|b)?"})
	tail := rapid.SampledFrom([]string{"", "a*", "([^b]*)", "(a|ab)(c|bcd)?", "b+$", "$", ".*"})
	led := 0
	rapid.Check(t, func(t *rapid.T) {
		spelling := part.Draw(t, "lead") + part.Draw(t, "lead") + rapid.SampledFrom([]string{"aba", "abc", "aaa", "éab"}).Draw(t, "literal") + tail.Draw(t, "tail")
		longest := rapid.Bool().Draw(t, "longest")
		re, err := newRegex(spelling, longest)
		require.NoError(t, err)
		if re.lead != nil {
			led++
		}
		plain := regexp.MustCompile(spelling)
		if longest {
			plain.Longest()
		}
		text := []byte(rapid.StringOfN(rapid.SampledFrom([]rune("abcé")), 0, 20, -1).Draw(t, "text"))
		require.Equal(t, plain.FindSubmatchIndex(text), re.FindSubmatchIndex(text), "%q in %q", spelling, text)
		require.Equal(t, plain.Match(text), re.Match(text), "%q in %q", spelling, text)
	})
	require.Positive(t, led)
}

func BenchmarkRegexpMatch(b *testing.B) {
	re, err := newRegex("(&|^)channel_id=([^&]*)", true)
	require.NoError(b, err)
	for name, text := range map[string]string{
		"hit":  "https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1&channel_id=1234567",
		"miss": "https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1",
	} {
		for kind, find := range map[string]func([]byte) []int{"literal": re.FindSubmatchIndex, "plain": re.Regexp.FindSubmatchIndex} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					find([]byte(text))
				}
			})
		}
	}
}
