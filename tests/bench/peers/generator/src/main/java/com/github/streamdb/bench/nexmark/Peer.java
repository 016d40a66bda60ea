package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** An engine that runs jobs for the program that compares engines. */
public interface Peer {
    /** Runs a job, and returns the seconds that it took without being planned. */
    double run(Job job) throws Exception;

    /** Whether the engine failed because it does not take the query. */
    boolean refuses(Throwable failure);

    /**
     * Runs the jobs that standard input names, one a line with the fields of {@link Job} between tabs, and answers each with a line:
     * {@code seconds}, {@code refused} or {@code failed}, and behind a tab the number or the message. What the engine prints goes to
     * standard error.
     */
    static void serve(Peer peer) throws IOException {
        var answers = System.out;
        System.setOut(System.err);
        var jobs = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = jobs.readLine(); line != null; line = jobs.readLine()) {
            answers.println(answer(peer, Job.parse(line)));
            answers.flush();
        }
    }

    private static String answer(Peer peer, Job job) {
        try {
            return "seconds\t" + peer.run(job);
        } catch (Exception e) {
            e.printStackTrace();
            return (peer.refuses(e) ? "refused\t" : "failed\t") + message(e);
        }
    }

    /** The first line of the innermost cause. */
    private static String message(Throwable e) {
        while (e.getCause() != null) {
            e = e.getCause();
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("") + " (" + e.getClass().getSimpleName() + ")";
    }
}
