package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Job;
import com.github.streamdb.bench.nexmark.Latencies;
import com.github.streamdb.bench.nexmark.Peer;
import com.github.streamdb.bench.nexmark.Table;
import java.io.IOException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/** Runs jobs by Structured Streaming in this process: {@code SparkPeer cores events-per-batch}. */
public final class SparkPeer implements Peer {
    private final int cores;
    private final long eventsPerBatch;
    private final SparkSession spark;

    private SparkPeer(int cores, long eventsPerBatch) {
        this.cores = cores;
        this.eventsPerBatch = eventsPerBatch;
        spark = SparkSession.builder()
            .master("local[" + cores + "]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", cores)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", true)
            .getOrCreate();
        spark.sparkContext().setLogLevel("WARN");
    }

    public static void main(String[] args) throws IOException {
        Peer.serve(new SparkPeer(Integer.parseInt(args[0]), Long.parseLong(args[1])));
        System.exit(0);
    }

    @Override
    public double run(Job job) throws Exception {
        for (var table : Table.values()) {
            declare(table, job);
        }
        var rows = spark.sql(job.select());
        if (job.begin() != 0) {
            return runPaced(rows, job);
        }
        try {
            return run(rows, "append", job);
        } catch (AnalysisException refused) {
            // The rows of an aggregate without a window change. What is refused again is refused.
            return run(rows, "update", job);
        }
    }

    /** Makes the table known to SQL, without the row that is only there to move the watermark. */
    private void declare(Table table, Job job) {
        var name = table.name().toLowerCase();
        spark.readStream().format("nexmark")
            .option("table", name)
            .option("events", job.events())
            .option("event_rate", job.eventRate())
            .option("events_per_batch", eventsPerBatch)
            .option("begin", job.begin())
            .option("readers", cores)
            .load()
            .withWatermark("date_time", "4 seconds")
            .where("date_time < TIMESTAMP '2100-01-01'")
            .createOrReplaceTempView(name);
    }

    /** Runs batch after batch, without pause, until the time of the last event is over. */
    private static double runPaced(Dataset<Row> rows, Job job) throws Exception {
        var began = System.nanoTime();
        var latencies = new Latencies(job.pace(), job.events());
        var query = rows.writeStream()
            .outputMode("update")
            .option("checkpointLocation", job.work().resolve("checkpoint-" + began).toString())
            .foreachBatch(new NewestSeen(latencies))
            .start();
        while (job.pace().due() < job.events() && query.isActive()) {
            Thread.sleep(10);
        }
        query.processAllAvailable();
        query.stop();
        latencies.write(job.results().resolve("all"));
        return (System.nanoTime() - began) / 1e9;
    }

    private double run(Dataset<Row> rows, String mode, Job job) throws Exception {
        var began = System.nanoTime();
        var writer = rows.writeStream()
            .outputMode(mode)
            .trigger(Trigger.AvailableNow())
            .option("checkpointLocation", job.work().resolve("checkpoint-" + began).toString());
        if (job.results() == null) {
            writer.format("noop").start().awaitTermination();
        } else {
            var checksum = new Checksum(job.select());
            writer.foreachBatch(checksum).start().awaitTermination();
            checksum.write(job.results());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof AnalysisException;
    }
}
