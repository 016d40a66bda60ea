package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Usage is what a process has used so far.
type Usage struct {
	CPU     float64 // seconds, of user and kernel
	PeakRSS int64   // bytes
}

// ticks is how many of /proc's units of CPU time there are in a second: USER_HZ, the same on every Linux that Go runs on.
const ticks = 100

// UsageOf reads /proc (proc(5)); the process is a number, or self.
func UsageOf(process string) (*Usage, error) {
	stat, err := os.ReadFile("/proc/" + process + "/stat")
	if err != nil {
		return nil, err
	}
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return nil, err
	}
	u := &Usage{}
	if u.CPU, err = cpuSeconds(string(stat)); err != nil {
		return nil, err
	}
	u.PeakRSS, err = peakRSS(string(status))
	return u, err
}

// cpuSeconds are fields 14 and 15 of stat; the second field, the program's name in brackets, may have spaces and brackets.
func cpuSeconds(stat string) (float64, error) {
	_, rest, ok := lastCut(stat, ")")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, fmt.Errorf("/proc's stat is not understood: %q", stat)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	kernel, err := strconv.ParseInt(fields[12], 10, 64)
	return float64(user+kernel) / ticks, err
}

func lastCut(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// peakRSS is the line VmHWM of status, in kB.
func peakRSS(status string) (int64, error) {
	for line := range strings.Lines(status) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc's status has no VmHWM")
}
