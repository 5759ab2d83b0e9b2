package io.naru.benchmarks.services;

import io.naru.benchmarks.load.HttpExchange;
import io.naru.benchmarks.load.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Creates a topic and stores one record in it, trying again until both have worked: how a user who is in a hurry finds
 * out that a server is there.
 */
final class FirstRecord {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

    private final InetSocketAddress target;
    private final byte[] creation;
    private final byte[] record;
    private boolean created;
    private boolean refused;
    private String lastAnswer = "no answer yet";

    FirstRecord(InetSocketAddress target, String topic, byte[] creation) {
        this.target = target;
        this.creation = creation;
        this.record = Request.of(
                target,
                "POST",
                Topics.records(topic),
                "application/json",
                "{\"records\":[{\"value\":\"first\"}]}".getBytes(StandardCharsets.US_ASCII));
    }

    /** Is asked before each try. */
    @FunctionalInterface
    interface Watch {
        /** Throws when there is no point in trying on. */
        void check();
    }

    /**
     * Returns {@link System#nanoTime} at which the record had been acknowledged.
     *     * @throws IllegalStateException with the last answer, if the server refuses to create the topic, or all that takes
     *     longer than {@code patience}
     */
    long await(Duration patience, Watch watch) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            watch.check();
            if (tried()) {
                return System.nanoTime();
            }
            if (refused) {
                throw new IllegalStateException("the server does not create a topic: " + lastAnswer);
            }
            try {
                TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a server", e);
            }
        }
        throw new IllegalStateException(
                "no record could be stored within " + patience.toSeconds() + " s; last answer: " + lastAnswer);
    }

    private boolean tried() {
        try {
            if (!created) {
                HttpExchange answer = HttpExchange.send(target, creation);
                // 409: an earlier try was slow to be answered, or the data folder had it.
                created = answer.isSuccess() || answer.status() == 409;
                lastAnswer = answer.status() + " " + answer.body();
                refused = !created && answer.status() < 500;
            }
            if (created) {
                HttpExchange answer = HttpExchange.send(target, record);
                lastAnswer = answer.status() + " " + answer.body();
                return answer.isSuccess();
            }
        } catch (IOException | IllegalStateException e) {
            lastAnswer = e.toString();
        }
        return false;
    }
}
