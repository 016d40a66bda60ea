package datetime

// kind is what a word means, and the number of its bit in a mask of fields seen; as datetime.h has them.
type kind uint8

const (
	reserved    kind = 0
	month       kind = 1
	year        kind = 2
	day         kind = 3
	zone        kind = 5
	summerZone  kind = 6
	ignored     kind = 8
	amPM        kind = 9
	hour        kind = 10
	minute      kind = 11
	second      kind = 12
	millisecond kind = 13
	microsecond kind = 14
	dayOfYear   kind = 15
	weekday     kind = 16
	unit        kind = 17
	adBC        kind = 18
	ago         kind = 19
	isoTime     kind = 23
	week        kind = 24
	decade      kind = 25
	century     kind = 26
	millennium  kind = 27
	summerMod   kind = 28
	julian      kind = 29
	unknown     kind = 31
)

// mask is a set of kinds.
type mask uint32

func bit(k kind) mask { return 1 << k }

const (
	dateMask    mask = 1<<year | 1<<month | 1<<day
	secondsMask mask = 1<<second | 1<<millisecond | 1<<microsecond
	timeMask    mask = 1<<hour | 1<<minute | secondsMask
)

// The reserved words.
const (
	wordNow = iota + 1
	wordYesterday
	wordToday
	wordTomorrow
	wordZulu
	wordEpoch
	wordLate
	wordEarly
)

const (
	am = iota + 1
	pm
)

const (
	ad = iota
	bc
)

// word is a meaning and its value: a number of a month or weekday, a reserved word, or the kind a unit names.
type word struct {
	kind  kind
	value int
}

// maxWord is how many characters of a word count.
const maxWord = 10

// dateWords are the words of dates and times (datetktbl of datetime.c).
var dateWords = map[string]word{
	"-infinity": {reserved, wordEarly}, "infinity": {reserved, wordLate},
	"ad": {adBC, ad}, "bc": {adBC, bc}, "am": {amPM, am}, "pm": {amPM, pm},
	"allballs": {reserved, wordZulu}, "epoch": {reserved, wordEpoch}, "now": {reserved, wordNow},
	"today": {reserved, wordToday}, "tomorrow": {reserved, wordTomorrow}, "yesterday": {reserved, wordYesterday},
	"at": {ignored, 0}, "on": {ignored, 0}, "dst": {summerMod, 3600}, "t": {isoTime, int(isoTime)},
	"jan": {month, 1}, "january": {month, 1}, "feb": {month, 2}, "february": {month, 2}, "mar": {month, 3},
	"march": {month, 3}, "apr": {month, 4}, "april": {month, 4}, "may": {month, 5}, "jun": {month, 6}, "june": {month, 6},
	"jul": {month, 7}, "july": {month, 7}, "aug": {month, 8}, "august": {month, 8}, "sep": {month, 9}, "sept": {month, 9},
	"september": {month, 9}, "oct": {month, 10}, "october": {month, 10}, "nov": {month, 11}, "november": {month, 11},
	"dec": {month, 12}, "december": {month, 12},
	"sun": {weekday, 0}, "sunday": {weekday, 0}, "mon": {weekday, 1}, "monday": {weekday, 1}, "tue": {weekday, 2},
	"tues": {weekday, 2}, "tuesday": {weekday, 2}, "wed": {weekday, 3}, "weds": {weekday, 3}, "wednesday": {weekday, 3},
	"thu": {weekday, 4}, "thur": {weekday, 4}, "thurs": {weekday, 4}, "thursday": {weekday, 4}, "fri": {weekday, 5},
	"friday": {weekday, 5}, "sat": {weekday, 6}, "saturday": {weekday, 6},
	"y": {unit, int(year)}, "m": {unit, int(month)}, "d": {unit, int(day)}, "h": {unit, int(hour)},
	"mm": {unit, int(minute)}, "s": {unit, int(second)}, "j": {unit, int(julian)}, "jd": {unit, int(julian)},
	"julian": {unit, int(julian)}, "dow": {unit, int(weekday)}, "doy": {unit, int(dayOfYear)},
	"isodow": {unit, int(unknown)}, "isoyear": {unit, int(unknown)},
}

// unitWords are the words of intervals (deltatktbl of datetime.c), cut at maxWord characters.
var unitWords = map[string]word{
	"ago": {ago, 0}, "@": {ignored, 0},
	"us": {unit, int(microsecond)}, "usec": {unit, int(microsecond)}, "usecond": {unit, int(microsecond)},
	"useconds": {unit, int(microsecond)}, "usecs": {unit, int(microsecond)}, "microsecon": {unit, int(microsecond)},
	"ms": {unit, int(millisecond)}, "msec": {unit, int(millisecond)}, "msecond": {unit, int(millisecond)},
	"mseconds": {unit, int(millisecond)}, "msecs": {unit, int(millisecond)}, "millisecon": {unit, int(millisecond)},
	"s": {unit, int(second)}, "sec": {unit, int(second)}, "secs": {unit, int(second)}, "second": {unit, int(second)},
	"seconds": {unit, int(second)}, "m": {unit, int(minute)}, "min": {unit, int(minute)}, "mins": {unit, int(minute)},
	"minute": {unit, int(minute)}, "minutes": {unit, int(minute)}, "h": {unit, int(hour)}, "hr": {unit, int(hour)},
	"hrs": {unit, int(hour)}, "hour": {unit, int(hour)}, "hours": {unit, int(hour)}, "d": {unit, int(day)},
	"day": {unit, int(day)}, "days": {unit, int(day)}, "w": {unit, int(week)}, "week": {unit, int(week)},
	"weeks": {unit, int(week)}, "mon": {unit, int(month)}, "mons": {unit, int(month)}, "month": {unit, int(month)},
	"months": {unit, int(month)}, "y": {unit, int(year)}, "yr": {unit, int(year)}, "yrs": {unit, int(year)},
	"year": {unit, int(year)}, "years": {unit, int(year)}, "dec": {unit, int(decade)}, "decs": {unit, int(decade)},
	"decade": {unit, int(decade)}, "decades": {unit, int(decade)}, "c": {unit, int(century)}, "cent": {unit, int(century)},
	"century": {unit, int(century)}, "centuries": {unit, int(century)}, "mil": {unit, int(millennium)},
	"mils": {unit, int(millennium)}, "millennia": {unit, int(millennium)}, "millennium": {unit, int(millennium)},
	"qtr": {unit, int(unknown)}, "quarter": {unit, int(unknown)},
}

// look finds a word by its first maxWord characters.
func look(words map[string]word, s string) word {
	if len(s) > maxWord {
		s = s[:maxWord]
	}
	if w, ok := words[s]; ok {
		return w
	}
	return word{kind: unknown}
}
