package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.Parameters;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where in one partition a page begins. */
sealed interface StartOffset {
    /** At the first record there is. */
    record Earliest() implements StartOffset {}

    /** At the high watermark: only what is acknowledged from now on. */
    record Latest() implements StartOffset {}

    /** At an offset. */
    record At(long offset) implements StartOffset {}

    /** At the first record with this timestamp, epoch ms, or a later one; at the high watermark when there is none. */
    record Since(long timestamp) implements StartOffset {}

    /** So many offsets below the high watermark, or at the first record there is. */
    record Last(long count) implements StartOffset {}

    /**
     * Reads the three parameters that can say where, null where they were left out.
     *
     * @throws NaruException {@code INVALID_PARAMETER}, also when more than one is given
     */
    static StartOffset parse(@Nullable String offset, @Nullable String timestamp, @Nullable String last) {
        if (Stream.of(offset, timestamp, last).filter(given -> given != null).count() > 1) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "'offset', 'timestamp' and 'last' each say where to begin; give one of them.");
        }
        if (timestamp != null) {
            return new Since(Parameters.longWithin("timestamp", timestamp, 0, Long.MIN_VALUE, Long.MAX_VALUE));
        }
        if (last != null) {
            return new Last(Parameters.longWithin("last", last, 0, 0, Long.MAX_VALUE));
        }
        return switch (offset) {
            case null -> new Earliest();
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> new At(offset(offset));
        };
    }

    private static long offset(String text) {
        try {
            return Parameters.longWithin("offset", text, 0, 0, Long.MAX_VALUE);
        } catch (NaruException e) {
            throw new NaruException(e.code(), e.detail() + " It also takes 'earliest' and 'latest'.");
        }
    }

    /**
     * The offset this is in a partition now. May block on the disk.
     *
     * @throws NaruException {@code STORAGE_FAILED} when the disk failed to read
     */
    default long in(Partition partition) {
        return switch (this) {
            case Earliest() -> partition.logStartOffset();
            case Latest() -> partition.highWatermark();
            case At(long offset) -> offset;
            case Since(long timestamp) -> since(partition, timestamp);
            case Last(long count) -> Math.max(partition.logStartOffset(), partition.highWatermark() - count);
        };
    }

    private static long since(Partition partition, long timestamp) {
        try {
            return partition.offsetAt(timestamp).orElseGet(partition::highWatermark);
        } catch (IOException e) {
            throw PartitionScan.unreadable(partition, e);
        }
    }

    /** Whether the offset was found by looking at the log rather than named, so that a deletion may outrun it. */
    default boolean isLookedUp() {
        return !(this instanceof At);
    }
}
