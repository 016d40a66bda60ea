package job

// pace is how far the job has come, for the sources that it reads: they stay only a few epochs ahead of it. While a micro-batch is
// gathered, and none waits for its turn, the job is not behind, and sources with a pace of their own go on.
func (j *Job) pace() uint64 {
	if j.gathers.Load() {
		return j.cfg.Clock.Closed()
	}
	return j.done.Load()
}

// keepPace notes whether the job is gathering. The caller holds mu.
func (j *Job) keepPace() {
	gathers := j.cfg.Mode.Batched && j.restarts.until == 0 && !j.unpaced() && j.mayFly()
	if was := j.gathers.Swap(gathers); gathers && !was {
		j.cfg.Clock.Wake()
	}
}
