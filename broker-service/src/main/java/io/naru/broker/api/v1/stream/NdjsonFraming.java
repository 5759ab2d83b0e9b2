package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.api.v1.record.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.MediaType;

/**
 * Lines of JSON. A record is a line; whatever else there is to say is an object with one field of another name: {@code
 * {"gap":{…}}}, {@code {"scanned_to":"0:43"}}, {@code {"problem":{…}}}. An empty line is a sign of life. Where the
 * stream starts is told in a header of the answer, since every line counts here.
 */
record NdjsonFraming() implements Framing {
    private static final byte[] GAP = ascii("{\"gap\":");
    private static final byte[] SCANNED_TO = ascii("{\"scanned_to\":\"");
    private static final byte[] PROBLEM = ascii("{\"problem\":");
    private static final byte[] END_OF_TEXT = ascii("\"}\n");
    private static final byte[] END_OF_OBJECT = ascii("}\n");

    @Override
    public MediaType contentType() {
        return MediaType.APPLICATION_NDJSON;
    }

    @Override
    public boolean tellsRetriableProblemsInside() {
        return false;
    }

    @Override
    public void start(ByteSink out, Positions from, Duration retry) {}

    @Override
    public void beginRecord(ByteSink out, Positions after) {}

    @Override
    public void endRecord(ByteSink out) {
        out.write('\n');
    }

    @Override
    public void gap(ByteSink out, Gap gap, Positions after) {
        out.write(GAP);
        gap.writeTo(out);
        out.write(END_OF_OBJECT);
    }

    @Override
    public void heartbeat(ByteSink out) {
        out.write('\n');
    }

    @Override
    public void progress(ByteSink out, Positions at) {
        out.write(SCANNED_TO);
        at.writeTo(out);
        out.write(END_OF_TEXT);
    }

    @Override
    public void problem(ByteSink out, byte[] problemJson, Duration retry) {
        out.write(PROBLEM);
        out.write(problemJson);
        out.write(END_OF_OBJECT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
