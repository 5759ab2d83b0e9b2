package io.naru.broker.api.v1.produce;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/** Makes one record of a body that is its value, with key, partition and headers from around the body. */
final class RawValue {
    private static final String HEADER_PREFIX = "record-header-";

    private RawValue() {}

    /** Fills the slot; the record's headers are the request's {@code Record-Header-*}, their names in lower case. */
    static RecordSlot of(byte[] body, ProduceSettings settings, HttpHeaders headers) {
        var slot = new RecordSlot();
        slot.value(body, 0, body.length);
        if (settings.key() != null) {
            byte[] key = settings.key().getBytes(StandardCharsets.UTF_8);
            slot.key(key, 0, key.length);
        }
        if (settings.partition() != null) {
            slot.partition = settings.partition();
        }
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(HEADER_PREFIX)) {
                // HTTP gives header bytes as Latin-1; so come the client's own bytes out again.
                values.forEach(value -> slot.headers.add(
                        lower.substring(HEADER_PREFIX.length()), value.getBytes(StandardCharsets.ISO_8859_1)));
            }
        });
        return slot;
    }
}
