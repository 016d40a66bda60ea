package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Job;
import com.github.streamdb.bench.nexmark.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;

/** Runs jobs on the cluster whose JobManager has the given port: {@code FlinkPeer port slots}. */
public final class FlinkPeer implements Peer {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration MINI_BATCH_LATENCY = Duration.ofSeconds(2);
    private static final long MINI_BATCH_SIZE = 50_000;

    private final int port;
    private final int slots;

    private FlinkPeer(int port, int slots) {
        this.port = port;
        this.slots = slots;
    }

    public static void main(String[] args) throws IOException {
        Peer.serve(new FlinkPeer(Integer.parseInt(args[0]), Integer.parseInt(args[1])));
    }

    @Override
    public double run(Job job) throws Exception {
        var streams = StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", port, configuration(job));
        streams.setParallelism(slots);
        var tables = StreamTableEnvironment.create(streams);
        tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);
        for (var declaration : declarations(job)) {
            tables.executeSql(declaration);
        }
        var running = tables.sqlQuery(job.select()).insertInto(sink(job)).execute().getJobClient().orElseThrow();
        return running.getJobExecutionResult().get().getNetRuntime(TimeUnit.MILLISECONDS) / 1e3;
    }

    /** The statements of the tables.sql that lies beside the query. */
    private static String[] declarations(Job job) throws IOException {
        return Files.readString(job.query().resolveSibling("tables.sql"))
            .replace("${events}", Long.toString(job.events()))
            .replace("${event_rate}", Long.toString(job.eventRate()))
            .replace("${begin}", Long.toString(job.begin()))
            .split(";\\s*");
    }

    private static TableDescriptor sink(Job job) {
        if (job.results() == null) {
            return TableDescriptor.forConnector("blackhole").build();
        }
        var directory = job.results().toString();
        if (job.begin() == 0) {
            return TableDescriptor.forConnector("checksum").option(ResultTable.DIRECTORY, directory).build();
        }
        return TableDescriptor.forConnector("latency")
            .option(ResultTable.DIRECTORY, directory)
            .option(ResultTable.EVENTS, job.events())
            .option(ResultTable.EVENT_RATE, job.eventRate())
            .option(ResultTable.BEGIN, job.begin())
            .build();
    }

    /**
     * State in the heap, objects reused, and mini-batches and split aggregates as the Nexmark project sets them; no mini-batches where
     * latency is measured, as they would be most of it. A job that has come to its end does not wait for the next checkpoint, which
     * would count as time.
     */
    private static Configuration configuration(Job job) {
        return new Configuration()
            .set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING)
            .set(PipelineOptions.OBJECT_REUSE, true)
            .set(RestartStrategyOptions.RESTART_STRATEGY, "none")
            .set(StateBackendOptions.STATE_BACKEND, "hashmap")
            .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL)
            .set(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH, false)
            .set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem")
            .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, job.work().toUri().toString())
            .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ENABLED, job.begin() == 0)
            .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ALLOW_LATENCY, MINI_BATCH_LATENCY)
            .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_SIZE, MINI_BATCH_SIZE)
            .set(OptimizerConfigOptions.TABLE_OPTIMIZER_DISTINCT_AGG_SPLIT_ENABLED, true);
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof ValidationException || failure instanceof TableException;
    }
}
