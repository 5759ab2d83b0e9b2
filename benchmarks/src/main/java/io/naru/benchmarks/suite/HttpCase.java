package io.naru.benchmarks.suite;

import io.naru.benchmarks.load.Arrivals;
import io.naru.benchmarks.load.HttpLoad;
import io.naru.benchmarks.load.LoadResult;
import io.naru.benchmarks.load.NdjsonLoad;
import io.naru.benchmarks.load.Request;
import io.naru.benchmarks.load.RequestSource;
import io.naru.benchmarks.load.Window;
import io.naru.benchmarks.services.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One way of producing over HTTP.
 *
 * @param name as the table says it
 * @param forced whether the topic forces each append to disk before it is acknowledged, as is the default
 * @param connections requests (or streams) under way at once
 */
record HttpCase(String name, boolean forced, Shape shape, int connections, Arrivals arrivals) {

    /** What a connection carries. */
    sealed interface Shape {
        /** One request after the other, each with as many records. */
        record Json(int records) implements Shape {}

        /**
         * One request for the whole time, a record a line.
         *
         * @param block lines that are written at once
         * @param window lines that may be without a receipt
         */
        record Ndjson(int block, int window) implements Shape {}
    }

    static List<HttpCase> all(Settings settings) {
        Arrivals closed = new Arrivals.Closed();
        Arrivals paced = new Arrivals.Paced(settings.rate());
        int many = settings.connections();
        int few = Math.max(1, many / 8);
        String rate = String.format(Locale.ROOT, "%,.0f/s", settings.rate());
        return List.of(
                new HttpCase("JSON, 1 record, 1 connection", true, new Shape.Json(1), 1, closed),
                new HttpCase("JSON, 1 record, " + many + " connections", true, new Shape.Json(1), many, closed),
                new HttpCase(
                        "JSON, 1 record, " + many + " connections, no force", false, new Shape.Json(1), many, closed),
                new HttpCase("JSON, 100 records, " + few + " connections", true, new Shape.Json(100), few, closed),
                new HttpCase("NDJSON, " + few + " streams", true, new Shape.Ndjson(50, 5000), few, closed),
                new HttpCase("JSON, 1 record, " + rate, true, new Shape.Json(1), many, paced));
    }

    /** Runs the case against a server that has the topic. */
    LoadResult run(InetSocketAddress target, String topic, int valueBytes, Window window) throws IOException {
        String path = Topics.records(topic);
        String record = "{\"value\":" + value(valueBytes) + "}";
        return switch (shape) {
            case Shape.Json(int records) -> {
                String body = "{\"records\":[" + String.join(",", Collections.nCopies(records, record)) + "]}";
                byte[] request =
                        Request.of(target, "POST", path, "application/json", body.getBytes(StandardCharsets.US_ASCII));
                try (HttpLoad load =
                        HttpLoad.open(target, connections, arrivals, RequestSource.same(request), (_, _, _) -> {})) {
                    yield load.run(window);
                }
            }
            case Shape.Ndjson(int block, int lines) ->
                NdjsonLoad.run(
                        new NdjsonLoad.Lines(target, path, record + "\n", block, lines), connections, arrivals, window);
        };
    }

    /** Records that one answer of the result stands for. */
    int recordsPerAnswer() {
        return switch (shape) {
            case Shape.Json(int records) -> records;
            case Shape.Ndjson _ -> 1;
        };
    }

    private static String value(int bytes) {
        String empty = "{\"sensor\":4711,\"note\":\"\"}";
        return empty.replace("\"\"", "\"" + "n".repeat(Math.max(0, bytes - empty.length())) + "\"");
    }
}
