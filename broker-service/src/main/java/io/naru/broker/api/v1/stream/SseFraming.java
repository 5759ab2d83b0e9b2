package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.api.v1.record.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.MediaType;

/**
 * Server-sent events, as the HTML standard defines them. The id of each block is the cursor after it, which browsers
 * send back as {@code Last-Event-ID}. A block with nothing but an id fires no event, but is remembered all the same.
 */
record SseFraming() implements Framing {
    private static final byte[] RECORD = ascii("event: record\nid: ");
    private static final byte[] GAP = ascii("event: gap\nid: ");
    private static final byte[] PROBLEM = ascii("event: problem\ndata: ");
    private static final byte[] ID = ascii("id: ");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] END_OF_BLOCK = ascii("\n\n");
    private static final byte[] HEARTBEAT = ascii(":\n\n");

    @Override
    public MediaType contentType() {
        return MediaType.TEXT_EVENT_STREAM;
    }

    @Override
    public boolean tellsRetriableProblemsInside() {
        return true;
    }

    @Override
    public void start(ByteSink out, Positions from, Duration retry) {
        progress(out, from);
        retry(out, retry);
    }

    @Override
    public void beginRecord(ByteSink out, Positions after) {
        out.write(RECORD);
        after.writeTo(out);
        out.write(DATA);
    }

    @Override
    public void endRecord(ByteSink out) {
        out.write(END_OF_BLOCK);
    }

    @Override
    public void gap(ByteSink out, Gap gap, Positions after) {
        out.write(GAP);
        after.writeTo(out);
        out.write(DATA);
        gap.writeTo(out);
        out.write(END_OF_BLOCK);
    }

    @Override
    public void heartbeat(ByteSink out) {
        out.write(HEARTBEAT);
    }

    @Override
    public void progress(ByteSink out, Positions at) {
        out.write(ID);
        at.writeTo(out);
        out.write(END_OF_BLOCK);
    }

    @Override
    public void problem(ByteSink out, byte[] problemJson, Duration retry) {
        retry(out, retry);
        out.write(PROBLEM);
        out.write(problemJson);
        out.write(END_OF_BLOCK);
    }

    private static void retry(ByteSink out, Duration retry) {
        out.write(RETRY);
        out.writeNumber(retry.toMillis());
        out.write(END_OF_BLOCK);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
