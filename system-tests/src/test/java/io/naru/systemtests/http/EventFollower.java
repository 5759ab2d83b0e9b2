package io.naru.systemtests.http;

import io.naru.systemtests.history.Seen;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows a topic as a browser's EventSource does: keeps the last id it was given and presents it when it connects
 * again. {@link #follow} is called by one thread; what it has seen may be asked from any.
 */
public final class EventFollower implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final URI stream;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Seen> seen = new ArrayList<>();
    private final List<String> otherEvents = new CopyOnWriteArrayList<>();
    private volatile int connections;
    private String lastEventId = "";

    /** Will follow the topic at this broker from its first record on. */
    public EventFollower(String url, String topic) {
        stream = URI.create(url + "/v1/topics/" + topic + "/stream?from=earliest");
    }

    /** Connects once and reads until the connection ends, in whatever way. */
    public void follow() throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(stream).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<Stream<String>> response = client.send(request.build(), BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                otherEvents.add("status " + response.statusCode());
                return;
            }
            connections++;
            try (Stream<String> lines = response.body()) {
                read(lines.iterator());
            }
        } catch (IOException | RuntimeException _) {
            // The connection broke, which is what this follower is for. Lines wrap the exception in an unchecked one.
        }
    }

    private void read(Iterator<String> lines) {
        String event = "message";
        String id = lastEventId;
        StringBuilder data = new StringBuilder();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.isEmpty()) {
                // The end of a block: only now does an EventSource take over the id.
                lastEventId = id;
                if (!data.isEmpty()) {
                    dispatch(event, data.toString());
                }
                event = "message";
                data.setLength(0);
            } else if (line.startsWith("id:")) {
                id = line.substring("id:".length()).strip();
            } else if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).strip());
            }
        }
    }

    private synchronized void dispatch(String event, String data) {
        if (event.equals("record")) {
            seen.add(Api.seen(JSON.readTree(data)));
        } else {
            otherEvents.add(event + " " + data);
        }
    }

    /** The records so far, in the order of their arrival. */
    public synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** Events that were no records, and answers that were no streams. */
    public List<String> otherEvents() {
        return List.copyOf(otherEvents);
    }

    /** How often a stream was opened. */
    public int connections() {
        return connections;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
