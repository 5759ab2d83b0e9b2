package io.naru.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Records produced at an even rate, one a request, and followed by readers of server-sent events: how long until each
 * reader has each record.
 *
 * @param events records measured, times readers
 * @param sinceAcknowledged from when the producer had read the acknowledgement until a reader had read the event; zero
 *     when the event came first
 * @param sinceIntended from when the record was due to be sent, so that lateness of any kind counts
 * @param acknowledgement from when the record was due until the acknowledgement had been read
 * @param readersBusy share of one core that the readers' thread used; near 1 the readers are the limit
 */
public record FanOut(
        long events,
        Percentiles sinceAcknowledged,
        Percentiles sinceIntended,
        Percentiles acknowledgement,
        double readersBusy) {

    private static final int PRODUCER_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Where records go to and come from.
     *
     * @param producePath takes {@code {"records":[…]}}
     * @param streamPath gives the events from now on
     */
    public record Route(InetSocketAddress target, String producePath, String streamPath) {}

    /**
     * Runs the load, blocking.
     *
     * @throws IOException if a connection breaks, or a reader lacks a record ten seconds after the last was sent, or
     *     gets one twice
     */
    public static FanOut run(Route route, int readers, Arrivals.Paced rate, int valueBytes, Window window)
            throws IOException, InterruptedException {
        long whole = window.warmUp().plus(window.measured()).toNanos();
        int numbers = Math.toIntExact((long) (whole / 1e9 * rate.perSecond()) + 2);
        long[] dueAt = new long[numbers];
        long[] acknowledgedAt = new long[numbers];
        byte[] request = Request.of(
                route.target(), "POST", route.producePath(), "application/json", SequencedRecord.body(valueBytes));
        try (SseReaders following = SseReaders.follow(route.target(), route.streamPath(), readers, numbers)) {
            long[] sent = new long[1];
            LoadResult produced;
            try (HttpLoad load = HttpLoad.open(
                    route.target(),
                    PRODUCER_CONNECTIONS,
                    rate,
                    SequencedRecord.source(request, PRODUCER_CONNECTIONS),
                    (number, due, answered) -> {
                        dueAt[(int) number] = due;
                        acknowledgedAt[(int) number] = answered;
                        sent[0]++;
                    })) {
                produced = load.run(window);
            }
            following.awaitEach(sent[0], PATIENCE);
            long[][] receivedAt = following.stop();
            int warm = (int) (window.warmUp().toNanos() / 1e9 * rate.perSecond());
            Histogram acknowledged = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
            Histogram intended = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
            for (long[] times : receivedAt) {
                for (int i = warm; i < sent[0]; i++) {
                    acknowledged.recordValue(Math.max(0, times[i] - acknowledgedAt[i]));
                    intended.recordValue(Math.max(0, times[i] - dueAt[i]));
                }
            }
            return new FanOut(
                    acknowledged.getTotalCount(),
                    Percentiles.of(acknowledged),
                    Percentiles.of(intended),
                    produced.latency(),
                    following.busy());
        }
    }
}
