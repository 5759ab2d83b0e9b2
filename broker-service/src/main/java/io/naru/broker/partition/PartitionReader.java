package io.naru.broker.partition;

import io.naru.cluster.NaruException;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.OffsetOutOfRangeException;
import io.naru.commitlog.TimestampedOffset;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads one partition below its high watermark. Thread-safe: it takes the log's immutable snapshots and what the owner
 * has published, and never the owner's time. Touches the disk and may block.
 */
final class PartitionReader {
    private final CommitLog log;
    private final PartitionView view;
    private final PartitionFailures failures;

    PartitionReader(CommitLog log, PartitionView view, PartitionFailures failures) {
        this.log = log;
        this.view = view;
        this.failures = failures;
    }

    /** As {@link Partition#read} says. */
    LogSlice read(long offset, int maxBytes) throws IOException {
        requireReadable();
        long limit = view.highWatermark();
        try {
            return log.read(offset, maxBytes, limit);
        } catch (OffsetOutOfRangeException _) {
            throw failures.outOfRange(offset, log.logStartOffset(), limit);
        }
    }

    /** As {@link Partition#offsetAt} says. */
    OptionalLong offsetAt(long timestamp) throws IOException {
        requireReadable();
        Optional<TimestampedOffset> found = log.offsetForTime(timestamp);
        return found.isPresent() && found.get().offset() < view.highWatermark()
                ? OptionalLong.of(found.get().offset())
                : OptionalLong.empty();
    }

    /** Refuses where this partition has ended here, or is led elsewhere. */
    void requireReadable() {
        NaruException reason = view.ended();
        if (reason != null) {
            throw reason;
        }
        if (!view.leading()) {
            throw failures.notLedForReading();
        }
    }
}
