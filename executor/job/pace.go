package job

import "time"

// pace is how far the job has come, for the sources that it reads: they stay only a few epochs ahead of it. While a micro-batch is
// gathered, and none waits for its turn, the job is not behind, and sources with a pace of their own go on.
func (j *Job) pace() uint64 {
	if j.gathers.Load() {
		return j.cfg.Clock.Closed()
	}
	return j.done.Load()
}

// maxEpoch is how long an epoch of an unpaced source takes at most, however long micro-batches are: snapshots and reads wait for its end.
const maxEpoch = 100 * time.Millisecond

// epochLength is how long an epoch of an unpaced source should take the job. Such a source has no batches gathered from it: what it has is
// there at once. So an epoch is as long as a batch, which has the more to do with each page of state that it copies.
func (j *Job) epochLength() time.Duration { return time.Duration(j.stride.Load()) }

// keepPace notes whether the job is gathering, and how long its batches are. The caller holds mu.
func (j *Job) keepPace() {
	stride := time.Duration(0)
	if j.cfg.Mode.Batched {
		stride = min(j.cfg.Mode.Interval, maxEpoch)
	}
	j.stride.Store(int64(stride))
	gathers := j.cfg.Mode.Batched && j.restarts.until == 0 && !j.unpaced() && j.mayFly()
	if was := j.gathers.Swap(gathers); gathers && !was {
		j.cfg.Clock.Wake()
	}
}
