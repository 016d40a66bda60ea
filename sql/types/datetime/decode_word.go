package datetime

// wordToken reads a token of letters: a zone, a month, "pm", "bc", "today", a label.
func (d *decoder) wordToken(i int) (m mask, skip bool, f fault) {
	s := d.toks[i].text
	if a, ok := abbreviations[s]; ok {
		m = bit(zone)
		if a.dst {
			m |= bit(summerZone)
		}
		d.east = a.offset
		return m, false, none
	}
	w := look(dateWords, s)
	m = bit(w.kind)
	switch w.kind {
	case ignored:
		return 0, true, none
	case reserved:
		m, f = d.reservedWord(w.value)
	case month:
		// "12 August": what was taken for the month is the day.
		if d.seen&bit(month) != 0 && !d.textMonth && d.seen&bit(day) == 0 && d.mon >= 1 && d.mon <= 31 {
			d.mday = d.mon
			m = bit(day)
		}
		d.textMonth = true
		d.mon = w.value
	case summerMod:
		m |= bit(summerZone)
		d.east += w.value
	case amPM:
		d.meridiem = w.value
	case adBC:
		d.bc = w.value == bc
	case weekday:
	case unit:
		if d.prefix != reserved {
			return 0, false, badFormat
		}
		m, d.prefix = 0, kind(w.value)
	case isoTime:
		m, f = d.timeLabel(i)
	case unknown:
		if _, ok := LoadZone(s); !ok {
			return 0, false, badFormat
		}
		m, f = d.zoneName(s)
	default:
		f = badFormat
	}
	return m, false, f
}

// timeLabel reads the T before an ISO time: a date must stand before it and something like a time behind it.
func (d *decoder) timeLabel(i int) (mask, fault) {
	if !d.timeOnly && d.seen&dateMask != dateMask || d.prefix != reserved || i+1 >= len(d.toks) {
		return 0, badFormat
	}
	switch d.toks[i+1].class {
	case classNumber, classTime, classDate:
		d.prefix = isoTime
		return 0, none
	}
	return 0, badFormat
}

func (d *decoder) reservedWord(w int) (mask, fault) {
	switch w {
	case wordZulu:
		d.hour, d.min, d.sec, d.micros, d.east = 0, 0, 0, 0, 0
		return timeMask | bit(zone), none
	case wordEpoch, wordLate, wordEarly:
		if d.timeOnly {
			return 0, badFormat
		}
		d.special = w // whatever stands around it
		return bit(reserved), none
	}
	if d.clock.Now == nil {
		return 0, noClock
	}
	now := d.clock.Now()
	d.east = Offset(now, d.clock.Zone)
	date, tod := Split(now + int64(d.east)*Second)
	shift := map[int]int{wordYesterday: -1, wordTomorrow: 1}[w]
	if w != wordNow {
		if d.timeOnly {
			return 0, badFormat
		}
		d.year, d.mon, d.mday = Civil(date + shift)
		return dateMask, none
	}
	d.hour, d.min, d.sec, d.micros = int(tod/Hour), int(tod/Minute%60), int(tod/Second%60), tod%Second
	if d.timeOnly {
		return timeMask, none
	}
	d.year, d.mon, d.mday = Civil(date)
	return dateMask | timeMask | bit(zone), none
}
