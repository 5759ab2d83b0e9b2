package io.naru.systemtests.durability;

import io.naru.systemtests.history.History;
import io.naru.systemtests.history.Value;
import java.io.IOException;

/**
 * A client that writes one value after the other until it is told to end, and none twice. Runs on a thread of its own;
 * when its connection breaks or a write fails it leaves the outcome of what was under way unknown and goes on with the
 * next value as soon as the server is up.
 */
abstract class Writer implements Runnable {
    private final String name;
    private final History history;
    private final Uptime uptime;
    private long number;
    private volatile String lastProblem = "none";

    Writer(String name, History history, Uptime uptime) {
        this.name = name;
        this.history = history;
        this.uptime = uptime;
    }

    /** Writes until the connection breaks, or for as long as it likes and then again. */
    abstract void write() throws IOException, InterruptedException;

    @Override
    public final void run() {
        try {
            while (!uptime.isOver()) {
                try {
                    write();
                } catch (IOException e) {
                    lastProblem = e.toString();
                    if (!uptime.awaitNextAttempt()) {
                        return;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    final String name() {
        return name;
    }

    /** Why it last stopped writing. */
    final String lastProblem() {
        return lastProblem;
    }

    final History history() {
        return history;
    }

    final boolean isOver() {
        return uptime.isOver();
    }

    /** The next value, remembered as attempted. */
    final String nextValue() {
        String value = new Value(name, ++number).toString();
        history.attempt(value);
        return value;
    }

    /** A record with this value; the key keeps all values of one writer in one partition. */
    final String record(String value) {
        return "{\"key\":\"" + name + "\",\"value\":\"" + value + "\"}";
    }
}
