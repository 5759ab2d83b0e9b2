package io.naru.broker.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream line by line on a thread of its own: server-sent events with {@link #next}, which is strict about what
 * a block may hold, or the lines themselves with {@link #nextLine}.
 */
public final class EventReader implements AutoCloseable {
    private static final String END = "\0end";
    private static final int PATIENCE_SECONDS = 20;

    private final HttpResponse<InputStream> response;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** One block; fields that were not there are null, {@code comment} is set for a block of a comment alone. */
    public record Event(
            @Nullable String id,
            @Nullable String event,
            @Nullable String data,
            @Nullable String retry,
            @Nullable String comment) {
        public boolean isHeartbeat() {
            return comment != null;
        }
    }

    EventReader(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException _) {
            // Closed on either side: the end, as far as a reader of lines is concerned.
        }
        lines.add(END);
    }

    public HttpResponse<InputStream> response() {
        return response;
    }

    /** The next line; null at the end of the stream. */
    public @Nullable String nextLine() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("Nothing came for " + PATIENCE_SECONDS + " s");
            }
            if (line.equals(END)) {
                lines.add(END);
                return null;
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next block, heartbeats included; null at the end of the stream. */
    public @Nullable Event next() {
        String id = null;
        String event = null;
        String data = null;
        String retry = null;
        String comment = null;
        for (String line = nextLine(); line != null; line = nextLine()) {
            if (line.isEmpty()) {
                return new Event(id, event, data, retry, comment);
            }
            int colon = line.indexOf(':');
            String value = line.startsWith(": ", colon) ? line.substring(colon + 2) : line.substring(colon + 1);
            switch (line.substring(0, colon)) {
                case "id" -> id = only(id, value);
                case "event" -> event = only(event, value);
                case "data" -> data = only(data, value);
                case "retry" -> retry = only(retry, value);
                case "" -> comment = only(comment, value);
                default -> throw new AssertionError("A line that is no field: " + line);
            }
        }
        return null;
    }

    /** The next block that fires an event of this type; other events are an error, other blocks passed over. */
    public Event nextOf(String type) {
        while (true) {
            Event event = next();
            if (event == null) {
                throw new AssertionError("The stream ended before an event '" + type + "'");
            }
            if (event.event() != null || event.data() != null) {
                if (!type.equals(event.event())) {
                    throw new AssertionError("Not an event '" + type + "' but " + event);
                }
                return event;
            }
        }
    }

    private static String only(@Nullable String before, String value) {
        if (before != null) {
            throw new AssertionError("A field came twice in one block: " + value);
        }
        return value;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException _) {
            // The connection is gone, which is what was wanted.
        }
    }
}
