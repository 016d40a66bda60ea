package job

import "time"

// maxGathered is how many epochs sources with a pace of their own go on while the next micro-batch cannot be cut yet.
const maxGathered = 128

// pace is how far the job has come, for the sources that it reads: they stay only a few epochs ahead of it. While a micro-batch is
// gathered, and none waits for its turn, the job is not behind, and sources with a pace of their own go on. So they do, for a while, when
// batches run: if they stood still, the next batch would have what came until then and the one after it the rest, and a small batch, which
// copies nearly as many pages, takes nearly as long as a large one. Who is further behind gets all that is due in one epoch.
func (j *Job) pace() uint64 {
	if closed := j.cfg.Clock.Closed(); j.gathers.Load() || j.runs.Load() && closed-j.fed.Load() < maxGathered {
		return closed
	}
	return j.done.Load()
}

// maxEpoch is how long an epoch of an unpaced source takes at most, however long micro-batches are: snapshots and reads wait for its end.
const maxEpoch = 100 * time.Millisecond

// epochLength is how long an epoch of an unpaced source should take the job. Such a source has no batches gathered from it: what it has is
// there at once. So an epoch is as long as a batch, which has the more to do with each page of state that it copies.
func (j *Job) epochLength() time.Duration { return time.Duration(j.stride.Load()) }

// keepPace notes whether the job is gathering, what it was fed, and how long its batches are. The caller holds mu.
func (j *Job) keepPace() {
	stride := time.Duration(0)
	if j.cfg.Mode.Batched {
		stride = min(j.cfg.Mode.Interval, maxEpoch)
	}
	j.stride.Store(int64(stride))
	runs := j.cfg.Mode.Batched && j.restarts.until == 0 && !j.unpaced()
	j.fed.Store(j.issued)
	j.runs.Store(runs)
	gathers := runs && j.mayFly()
	if was := j.gathers.Swap(gathers); gathers && !was {
		j.cfg.Clock.Wake()
	}
}
