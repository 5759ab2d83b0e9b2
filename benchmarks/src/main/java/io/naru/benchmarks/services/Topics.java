package io.naru.benchmarks.services;

import io.naru.benchmarks.load.HttpExchange;
import io.naru.benchmarks.load.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Topics of a server that speaks Naru's HTTP API. */
public final class Topics {
    private Topics() {}

    /** The request that creates a topic, with or without forcing each append to disk before it is acknowledged. */
    static byte[] creation(InetSocketAddress target, String topic, int partitions, boolean forced) {
        String configs = forced ? "" : ",\"configs\":{\"flush.messages\":\"" + Long.MAX_VALUE + "\"}";
        String body = "{\"name\":\"" + topic + "\",\"partitions\":" + partitions + ",\"replication_factor\":1" + configs
                + "}";
        return Request.of(target, "POST", "/v1/topics", "application/json", body.getBytes(StandardCharsets.US_ASCII));
    }

    /** Where records of a topic are posted. */
    public static String records(String topic) {
        return "/v1/topics/" + topic + "/records";
    }

    /** Where a topic is followed from its first record. */
    public static String stream(String topic) {
        return "/v1/topics/" + topic + "/stream?from=earliest";
    }

    /**
     * Creates a topic and waits until a first record has been stored in it.
     *
     * @throws IllegalStateException if that takes more than ten seconds
     */
    public static void create(Server server, String topic, int partitions, boolean forced) {
        InetSocketAddress target = server.address();
        new FirstRecord(target, topic, creation(target, topic, partitions, forced))
                .await(Duration.ofSeconds(10), () -> {});
    }

    /** Deletes a topic, so that its files do not pile up. */
    public static void delete(Server server, String topic) throws IOException {
        InetSocketAddress target = server.address();
        HttpExchange deleted = HttpExchange.send(
                target, Request.of(target, "DELETE", "/v1/topics/" + topic, "application/json", new byte[0]));
        if (!deleted.isSuccess()) {
            throw new IllegalStateException("a topic was not deleted: " + deleted.status() + " " + deleted.body());
        }
    }
}
