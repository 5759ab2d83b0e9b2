package io.naru.systemtests.durability;

import io.naru.systemtests.history.History;
import io.naru.systemtests.http.Api;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Posts so many records in a JSON body and waits for the answer before the next. */
final class JsonWriter extends Writer {
    private final Api api;
    private final String path;
    private final int recordsPerRequest;

    JsonWriter(String name, History history, Uptime uptime, Api api, String topic, int recordsPerRequest) {
        super(name, history, uptime);
        this.api = api;
        this.path = "/v1/topics/" + topic + "/records";
        this.recordsPerRequest = recordsPerRequest;
    }

    @Override
    void write() throws IOException, InterruptedException {
        List<String> values =
                Stream.generate(this::nextValue).limit(recordsPerRequest).toList();
        String body = values.stream().map(this::record).collect(Collectors.joining(",", "{\"records\":[", "]}"));
        Api.Answer answer = api.post(path, "application/json", body);
        if (answer.status() != 200) {
            throw new IOException("a write was answered " + answer);
        }
        JsonNode receipts = answer.json().path("offsets");
        for (int i = 0; i < values.size(); i++) {
            JsonNode receipt = receipts.get(i);
            history()
                    .acknowledge(
                            values.get(i),
                            receipt.path("partition").asInt(),
                            receipt.path("offset").asLong());
        }
    }
}
