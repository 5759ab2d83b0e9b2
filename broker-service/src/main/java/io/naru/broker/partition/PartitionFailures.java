package io.naru.broker.partition;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.BatchRefusedException;
import io.naru.commitlog.LogException;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.producer.Verdict;
import java.io.IOException;
import java.util.Map;

/**
 * What the users of one partition are told when a call fails: the code, and a text that says what it means and what to
 * do. Immutable.
 */
final class PartitionFailures {
    private final PartitionName name;

    PartitionFailures(PartitionName name) {
        this.name = name;
    }

    /** Too much waits for the disk already; nothing was stored. */
    static NaruException overloaded(ByteBudget budget) {
        return new NaruException(
                ErrorCode.OVERLOADED,
                "%d bytes wait for the disk, and produce.max-pending-bytes allows %d. Send again in a moment."
                        .formatted(budget.taken(), budget.limit()));
    }

    /** The owner takes no more appends; nothing was stored. */
    static NaruException shuttingDown() {
        return new NaruException(ErrorCode.SHUTTING_DOWN, "The broker is stopping; nothing was stored. Send again.");
    }

    NaruException notLedForReading() {
        return new NaruException(
                ErrorCode.LEADER_UNAVAILABLE,
                "This broker does not lead %s now. Ask again in a moment.".formatted(name));
    }

    NaruException notLedForWriting() {
        return new NaruException(
                ErrorCode.LEADER_UNAVAILABLE, "This broker does not lead %s now. Send again.".formatted(name));
    }

    /** For an append that waited when another took the leadership. */
    NaruException leadershipMoved() {
        return new NaruException(
                ErrorCode.UNCONFIRMED,
                "Leadership of %s moved while the append waited; it may or may not be stored.".formatted(name));
    }

    /** For an append that waited when the partition was closed here. */
    NaruException closedWhileWaiting() {
        return new NaruException(
                ErrorCode.UNCONFIRMED,
                "The broker stopped serving %s while the append waited; it may or may not be stored.".formatted(name));
    }

    /** For an append that waited for a force which failed. */
    NaruException unconfirmedByDisk(Throwable cause) {
        return new NaruException(
                ErrorCode.UNCONFIRMED,
                "The disk failed to confirm the append to %s; it may or may not be stored.".formatted(name),
                cause);
    }

    NaruException diskFull(Throwable cause) {
        return new NaruException(
                ErrorCode.STORAGE_FULL,
                "The disk of %s is full; nothing was stored. Reading goes on, and writing will when space returns. %s."
                        .formatted(name, cause.getMessage()),
                cause);
    }

    /** The log refused the append, or wrote nothing of it that stays. */
    NaruException storageFailed(Throwable cause) {
        return new NaruException(
                ErrorCode.STORAGE_FAILED,
                "The log of %s takes no writes: %s. Nothing was stored. The broker's log says more."
                        .formatted(name, cause.getMessage()),
                cause);
    }

    /** For a deletion of records that are not acknowledged yet. */
    NaruException aboveHighWatermark(long offset, long logStart, long highWatermark) {
        return new NaruException(
                ErrorCode.OFFSET_ABOVE_HIGH_WATERMARK,
                "Offset %d of %s is above the high watermark, %d. What lies there is not acknowledged and stays."
                        .formatted(offset, name, highWatermark),
                Map.of("log_start_offset", logStart, "high_watermark", highWatermark));
    }

    /** For a deletion of records that failed. */
    NaruException notDeleted(IOException cause) {
        return switch (cause) {
            case LogException e ->
                new NaruException(
                        ErrorCode.STORAGE_FAILED,
                        "The log of %s cannot be changed: %s. Nothing was deleted.".formatted(name, e.getMessage()),
                        e);
            case DiskFullException e ->
                new NaruException(
                        ErrorCode.STORAGE_FULL,
                        "The disk is too full to note a deletion from %s. Nothing was deleted.".formatted(name),
                        e);
            default ->
                new NaruException(
                        ErrorCode.UNCONFIRMED,
                        "The disk failed while records of %s were deleted; they may or may not be gone. Ask again."
                                .formatted(name),
                        cause);
        };
    }

    /** The log holds records of a leader that came after this one. */
    NaruException succeeded(Throwable cause) {
        return new NaruException(
                ErrorCode.LEADER_UNAVAILABLE,
                "Another broker has led %s since this one did; nothing was stored. Send again.".formatted(name),
                cause);
    }

    /** The batch's producer may not append it. */
    NaruException refused(BatchRefusedException cause) {
        return switch (cause.reason()) {
            case Verdict.OutOfOrder(int expected) ->
                new NaruException(
                        ErrorCode.OUT_OF_ORDER_SEQUENCE,
                        "The next record of this producer in %s has the sequence number %d; nothing was stored. An earlier write is missing, or this one is too old to be known. Find out what is stored before you go on."
                                .formatted(name, expected),
                        cause);
            case Verdict.Fenced(short epoch) ->
                new NaruException(
                        ErrorCode.PRODUCER_FENCED,
                        "Another incarnation of this producer, in epoch %d, has written to %s; nothing was stored, and this one must stop."
                                .formatted(epoch, name),
                        cause);
            case Verdict.TooManyProducers(int limit) ->
                new NaruException(
                        ErrorCode.TOO_MANY_PRODUCERS,
                        "%s remembers %d producers, as produce.max-producers allows, and all of them have been active lately; nothing was stored. Send again later, or with the id of a producer it knows."
                                .formatted(name, limit),
                        cause);
            case Verdict.TooManyKeys(int limit) ->
                new NaruException(
                        ErrorCode.TOO_MANY_IDEMPOTENCY_KEYS,
                        "%s remembers %d writes with an Idempotency-Key, as produce.max-idempotency-keys allows; nothing was stored. Send again later, or without a key."
                                .formatted(name, limit),
                        cause);
        };
    }

    /** For a failure of ours that no caller can be blamed for. */
    NaruException internal(Throwable cause) {
        return new NaruException(
                ErrorCode.INTERNAL,
                "The append to %s failed inside the broker; it may or may not be stored. The broker's log says more."
                        .formatted(name),
                cause);
    }

    /** For a read at {@code offset} outside of {@code [logStart, highWatermark]}. */
    NaruException outOfRange(long offset, long logStart, long highWatermark) {
        var bounds = Map.of("log_start_offset", logStart, "high_watermark", highWatermark);
        return offset < logStart
                ? new NaruException(
                        ErrorCode.OFFSET_BELOW_LOG_START,
                        "Offset %d of %s is gone; the log starts at %d.".formatted(offset, name, logStart),
                        bounds)
                : new NaruException(
                        ErrorCode.OFFSET_ABOVE_LOG_END,
                        "Offset %d of %s does not exist yet; the high watermark is %d."
                                .formatted(offset, name, highWatermark),
                        bounds);
    }
}
