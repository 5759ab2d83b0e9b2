package io.naru.broker.partition;

import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.damage.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * One partition as its users see it: append, read below the high watermark, be told when it advances. Thread-safe.
 * Only {@link #read} and {@link #offsetAt} touch the disk and may block; call them on a virtual thread, never on a
 * Netty event loop.
 */
public interface Partition {
    /** The topic's name. */
    String topic();

    TopicId topicId();

    /** The partition's number within its topic, from 0. */
    int number();

    /** The topic's configs in force, as this partition uses them now. */
    TopicSettings settings();

    /** First offset that can be read. */
    long logStartOffset();

    /** Offset of the next record; what lies at or above the high watermark is not acknowledged yet. */
    long logEndOffset();

    /** Readers see only offsets below this one. Never moves back while this broker leads. */
    long highWatermark();

    /** Bytes on this broker's disk. */
    long sizeInBytes();

    int segmentCount();

    /** What was found damaged on this broker's disk since it started, mended since or not; empty as a rule. */
    List<Damage> damages();

    /**
     * Appends one v2 record batch, whose offsets, leader epoch and (where the topic asks for it) append time are
     * written into the given buffer; the buffer belongs to the partition until the stage completes. The caller has
     * made sure that the batch is well formed and no larger than {@link TopicSettings#maxBatchBytes}.
     *
     * <p>A batch that names its producer, as only batches made by this broker or checked by it do, and that is stored
     * already is not stored again: the stage completes with the place of the original, whatever the acks, once that lies
     * below the high watermark.
     *
     * <p>Completes, on a thread of the partition, as {@code acks} asks, or exceptionally with a {@link
     * NaruException} whose {@link io.naru.cluster.ErrorCode#outcome} says whether the batch may have been stored.
     * There is no time limit in here; a caller that gives up has an unknown outcome.
     */
    CompletionStage<Appended> append(ByteBuffer batch, Acks acks);

    /**
     * Whole batches from the one that holds {@code offset}, at most {@code maxBytes} unless the first alone is larger,
     * and only such as lie below the high watermark. Records before {@code offset} in the first batch are the
     * reader's to pass over. Empty when {@code offset} is at or above the high watermark but not above the log end.
     *
     * @throws NaruException {@code OFFSET_BELOW_LOG_START} or {@code OFFSET_ABOVE_LOG_END}, both with the properties
     *     {@code log_start_offset} and {@code high_watermark}; {@code STORAGE_FAILED} when the bytes are damaged
     * @throws IOException if the disk failed to read
     */
    LogSlice read(long offset, int maxBytes) throws IOException;

    /**
     * The first offset whose record has this timestamp (epoch ms) or a later one; empty when there is none below the
     * high watermark.
     */
    OptionalLong offsetAt(long timestamp) throws IOException;

    /**
     * Deletes all records below {@code offset}, which this broker must lead. Does not block, and comes to its end even
     * if the caller does not wait.
     *
     * <p>Completes with the offset the log starts at, or exceptionally with a {@link NaruException}: {@code
     * OFFSET_ABOVE_HIGH_WATERMARK} with the properties {@code log_start_offset} and {@code high_watermark}, {@code
     * LEADER_UNAVAILABLE}, or what the disk had to say.
     */
    CompletionStage<Long> deleteBefore(long offset);

    /**
     * Runs {@code listener} after every advance of the high watermark, and once when the partition can no longer be
     * read here (its next {@link #read} tells why), until the subscription is closed. The listener runs on a thread
     * of the partition and must only hand over. An advance just before the call may go untold: subscribe first, then
     * look at {@link #highWatermark}.
     */
    Subscription onAdvance(Runnable listener);
}
