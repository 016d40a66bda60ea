package plot

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Plot is a chart: lines over an axis of numbers, or bars over names.
type Plot struct {
	Title, X, Y string
	// LogX and Log have the x and the y axis in powers of ten.
	LogX, Log bool
	// Names are the x axis of bars; nil for lines.
	Names  []string
	Series []Series
	// Marks are vertical lines at these places of the x axis.
	Marks []float64
}

// Series is a line, or a bar in each name.
type Series struct {
	Name   string
	Color  string // as CSS has it
	Dashed bool
	Points []Point
}

// Point is a place of a line, or at a bar's place in Names its height. A line has a gap where Y is negative.
type Point struct{ X, Y float64 }

// Of a plot, in pixels.
const (
	plotWidth, plotHeight = 640, 320
	plotLeft, plotRight   = 64, 16
	plotTop, plotBottom   = 36, 64
	legendLine            = 14
	legendColumns         = 2
	legendWidth           = 280
)

// axis maps values to pixels.
type axis struct {
	low, high float64
	log       bool
	from, to  float64 // pixels
}

func (a axis) at(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		v, low, high = math.Log10(max(v, a.low)), math.Log10(low), math.Log10(high)
	}
	if high == low {
		return a.from
	}
	return a.from + (v-low)/(high-low)*(a.to-a.from)
}

// ticks are round values along the axis.
func (a axis) ticks() (out []float64) {
	if a.log {
		for v := a.low; v <= a.high*1.001; v *= 10 {
			out = append(out, v)
		}
		return out
	}
	const about = 5
	step := math.Pow(10, math.Floor(math.Log10((a.high-a.low)/about)))
	for _, m := range []float64{1, 2, 5, 10} {
		if (a.high-a.low)/(step*m) <= about {
			step *= m
			break
		}
	}
	for v := math.Ceil(a.low/step) * step; v <= a.high+step/1000; v += step {
		out = append(out, v)
	}
	return out
}

// axes fit the plot's values.
func (p *Plot) axes() (x, y axis) {
	x = axis{low: math.Inf(1), high: math.Inf(-1), log: p.LogX, from: plotLeft, to: plotWidth - plotRight}
	y = axis{low: math.Inf(1), log: p.Log, from: plotHeight - plotBottom, to: plotTop}
	for _, s := range p.Series {
		for _, q := range s.Points {
			x.low, x.high = min(x.low, q.X), max(x.high, q.X)
			if y.high = max(y.high, q.Y); q.Y > 0 {
				y.low = min(y.low, q.Y)
			}
		}
	}
	if p.Names != nil {
		x.low, x.high = -0.5, float64(len(p.Names))-0.5
	}
	if p.Log && y.high > 0 {
		y.low, y.high = math.Pow(10, math.Floor(math.Log10(y.low))), math.Pow(10, math.Ceil(math.Log10(y.high)))
	} else {
		y.low, y.high = 0, max(y.high*1.05, 1e-9)
	}
	return x, y
}

// SVG draws it.
func (p *Plot) SVG() string {
	var b strings.Builder
	x, y := p.axes()
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="11">
<rect width="100%%" height="100%%" fill="white"/>
<text x="%d" y="18" font-size="13" font-weight="bold">%s</text>
`, plotWidth, plotHeight, plotWidth, plotHeight, plotLeft, html.EscapeString(p.Title))
	p.drawAxes(&b, x, y)
	for _, m := range p.Marks {
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#555" stroke-dasharray="2 3"/>`+"\n", x.at(m), plotTop, x.at(m), plotHeight-plotBottom)
	}
	for i, s := range p.Series {
		if p.Names != nil {
			p.drawBars(&b, x, y, i)
		} else {
			drawLine(&b, x, y, s)
		}
		column, line := i%legendColumns, i/legendColumns
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="10" height="10" fill="%s"%s/><text x="%d" y="%d">%s</text>`+"\n", plotLeft+column*legendWidth, plotHeight-30+line*legendLine,
			s.Color, opacity(s.Dashed), plotLeft+14+column*legendWidth, plotHeight-21+line*legendLine, html.EscapeString(s.Name))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func opacity(dashed bool) string {
	if dashed {
		return ` fill-opacity="0.4"`
	}
	return ""
}

func (p *Plot) drawAxes(b *strings.Builder, x, y axis) {
	for _, v := range y.ticks() {
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			plotLeft, y.at(v), plotWidth-plotRight, y.at(v), plotLeft-6, y.at(v)+4, Short(v))
	}
	text := func(v float64, s string) {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x.at(v), plotHeight-plotBottom+14, html.EscapeString(s))
	}
	if p.Names != nil {
		for i, n := range p.Names {
			text(float64(i), n)
		}
	} else {
		for _, v := range x.ticks() {
			text(v, Short(v))
		}
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text><text x="14" y="%d" transform="rotate(-90 14 %d)" text-anchor="end">%s</text>`+"\n",
		plotWidth-plotRight, plotHeight-plotBottom+28, html.EscapeString(p.X), plotTop, plotTop, html.EscapeString(p.Y))
}

// drawLine draws a series over numbers. A negative value is a gap.
func drawLine(b *strings.Builder, x, y axis, s Series) {
	var path strings.Builder
	move := "M"
	for _, q := range s.Points {
		if q.Y < 0 {
			move = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", move, x.at(q.X), y.at(q.Y))
		move = "L"
	}
	dash := ""
	if s.Dashed {
		dash = ` stroke-dasharray="5 3"`
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"%s/>`+"\n", path.String(), s.Color, dash)
}

// drawBars draws the i-th series' bar in each name.
func (p *Plot) drawBars(b *strings.Builder, x, y axis, i int) {
	s := p.Series[i]
	width := (x.at(1) - x.at(0)) * 0.8 / float64(len(p.Series))
	for _, q := range s.Points {
		left := x.at(q.X) + width*(float64(i)-float64(len(p.Series))/2)
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", left, y.at(q.Y), width*0.95, y.at(y.low)-y.at(q.Y), s.Color)
	}
}

// Short is a number for a person: 1.5M.
func Short(v float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e6, "M"}, {1e3, "k"}} {
		if v >= u.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", v/u.size), ".0") + u.name
		}
	}
	return fmt.Sprintf("%.4g", v)
}
