package io.naru.systemtests.durability;

import io.naru.systemtests.history.History;
import io.naru.systemtests.http.NdjsonConnection;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams NDJSON over one request for as long as the server lives, with a number of records under way at a time. */
final class StreamWriter extends Writer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int UNDER_WAY = 64;

    private final String url;
    private final String topic;

    StreamWriter(String name, History history, Uptime uptime, String url, String topic) {
        super(name, history, uptime);
        this.url = url;
        this.topic = topic;
    }

    @Override
    void write() throws IOException, InterruptedException {
        BlockingQueue<String> unanswered = new LinkedBlockingQueue<>();
        AtomicReference<@Nullable String> end = new AtomicReference<>();
        Semaphore room = new Semaphore(UNDER_WAY);
        try (NdjsonConnection connection = new NdjsonConnection(url, topic)) {
            Thread receiver = Thread.ofVirtual().start(() -> receive(connection, unanswered, room, end));
            room.acquire();
            while (!isOver() && end.get() == null) {
                String value = nextValue();
                unanswered.add(value);
                connection.send(record(value));
                room.acquire();
            }
            if (isOver()) {
                connection.endOfRecords();
            }
            receiver.join();
        }
        throw new IOException(String.valueOf(end.get()));
    }

    /** Until the answer ends: receipts come in the order of the records. The end is told before room is made. */
    private void receive(
            NdjsonConnection connection,
            BlockingQueue<String> unanswered,
            Semaphore room,
            AtomicReference<@Nullable String> end) {
        try {
            for (String line = connection.receive(); line != null; line = connection.receive()) {
                JsonNode receipt = JSON.readTree(line);
                if (receipt.has("offset")) {
                    history()
                            .acknowledge(
                                    unanswered.remove(),
                                    receipt.path("partition").asInt(),
                                    receipt.path("offset").asLong());
                    room.release();
                } else if (receipt.has("error_code")) {
                    end.set(line);
                    return;
                }
            }
        } catch (IOException e) {
            // The connection broke: what is unanswered stays unknown.
            end.set(e.toString());
        } finally {
            end.compareAndSet(null, "the answer ended");
            room.release(UNDER_WAY);
        }
    }
}
