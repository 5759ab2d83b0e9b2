package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.api.v1.record.ByteSink;
import java.time.Duration;
import org.springframework.http.MediaType;

/** How what happens on a stream is laid out as text. Stateless and thread-safe; every method appends to a sink. */
sealed interface Framing permits SseFraming, NdjsonFraming {
    /** What the answer says its content type is. */
    MediaType contentType();

    /**
     * Whether a client of this framing gives up for good on any answer but 200, so that what a later try may mend is
     * told inside the stream.
     */
    boolean tellsRetriableProblemsInside();

    /** What stands first: where the stream starts, and how soon to come back when it breaks. */
    void start(ByteSink out, Positions from, Duration retry);

    /** What stands before a record's JSON, which is on one line. {@code after} already counts the record. */
    void beginRecord(ByteSink out, Positions after);

    /** What stands behind a record's JSON. */
    void endRecord(ByteSink out);

    /** Tells that records between two offsets of a partition are gone; {@code after} is already behind them. */
    void gap(ByteSink out, Gap gap, Positions after);

    /** A sign of life while there is nothing to say. */
    void heartbeat(ByteSink out);

    /** A sign of life that also tells how far the stream has come through records that were not wanted. */
    void progress(ByteSink out, Positions at);

    /** Says why the stream ends. */
    void problem(ByteSink out, byte[] problemJson, Duration retry);
}
