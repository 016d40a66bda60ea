package console

import "github.com/prometheus/client_golang/prometheus"

// Source is a set of counters. Each calls f for every one: its name in Prometheus's style, what it is, whether it can fall,
// and its value now. It is called at each scrape, by any goroutine.
type Source interface {
	Each(f func(name, help string, gauge bool, value float64))
}

// sourceCollector gives a Source's counters to Prometheus as they stand when asked.
type sourceCollector struct{ source Source }

// Describe implements prometheus.Collector. It names nothing: what a source counts may change while the server runs.
func (sourceCollector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c sourceCollector) Collect(ch chan<- prometheus.Metric) {
	c.source.Each(func(name, help string, gauge bool, value float64) {
		kind := prometheus.CounterValue
		if gauge {
			kind = prometheus.GaugeValue
		}
		ch <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, nil, nil), kind, value)
	})
}
