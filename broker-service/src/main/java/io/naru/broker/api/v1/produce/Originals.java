package io.naru.broker.api.v1.produce;

import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what earlier attempts of a request have stored: whether it is what is sent now, and with which timestamps.
 * Reads from the disk and may block. Stateless.
 */
final class Originals {
    private Originals() {}

    /** Whether some of these settled batches were stored by an earlier attempt. */
    static boolean isNeeded(List<Batch> batches) {
        return batches.stream().anyMatch(Originals::isDuplicate);
    }

    /** Corrects the outcomes of those that were: what is stored is told, and what is not the same is refused. */
    static void compare(List<Batch> batches) {
        for (Batch batch : batches) {
            if (isDuplicate(batch) && batch.outcome() instanceof Batch.Outcome.Stored(Appended at)) {
                batch.correct(compared(batch, at));
            }
        }
    }

    private static boolean isDuplicate(Batch batch) {
        return batch.outcome() instanceof Batch.Outcome.Stored(Appended at) && at.isDuplicate();
    }

    private static Batch.Outcome compared(Batch batch, Appended at) {
        if (at.lastOffset() - at.baseOffset() + 1 != batch.count()) {
            return reused();
        }
        try {
            ByteBuffer original = read(Objects.requireNonNull(batch.target()), at);
            if (original == null) {
                long[] timestamps = new long[batch.count()];
                Arrays.fill(timestamps, at.logAppendTime());
                return new Batch.Outcome.Repeated(at, timestamps);
            }
            long[] timestamps = timestampsIfSame(batch, original);
            return timestamps == null ? reused() : new Batch.Outcome.Repeated(at, timestamps);
        } catch (NaruException e) {
            return new Batch.Outcome.Failed(e);
        } catch (IOException | CorruptBatchException e) {
            return new Batch.Outcome.Failed(new NaruException(
                    ErrorCode.STORAGE_FAILED,
                    "An earlier attempt has stored this at offset %d of partition %d, which cannot be read to compare it with what is sent now: %s"
                            .formatted(at.baseOffset(), batch.partition(), e.getMessage()),
                    e));
        }
    }

    /** The original batch; null if it is gone, or parts of it are. */
    private static @Nullable ByteBuffer read(Partition partition, Appended at) throws IOException {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(partition.read(at.baseOffset(), 1).readBytes());
        } catch (NaruException e) {
            if (e.code() == ErrorCode.OFFSET_BELOW_LOG_START) {
                return null;
            }
            throw e;
        }
        RecordBatch batch = RecordBatch.of(bytes);
        boolean isWhole = batch.baseOffset() == at.baseOffset()
                && batch.lastOffset() == at.lastOffset()
                && batch.count() == at.lastOffset() - at.baseOffset() + 1;
        return isWhole ? bytes : null;
    }

    /** The timestamps of the original's records, if they are those of the batch; else null. */
    private static long @Nullable [] timestampsIfSame(Batch batch, ByteBuffer original) {
        boolean keepsTimestamps = !RecordBatch.of(original).isLogAppendTime()
                && !RecordBatch.of(batch.encoded()).isLogAppendTime();
        RecordCursor stored = new RecordCursor(original);
        RecordCursor sent = new RecordCursor(batch.encoded());
        long[] timestamps = new long[batch.count()];
        for (int i = 0; i < timestamps.length; i++) {
            if (!stored.next() || !sent.next() || !isSame(stored, sent)) {
                return null;
            }
            if (keepsTimestamps && batch.bringsTimestamp(i) && stored.timestamp() != sent.timestamp()) {
                return null;
            }
            timestamps[i] = stored.timestamp();
        }
        return timestamps;
    }

    private static boolean isSame(RecordCursor a, RecordCursor b) {
        if (!isSame(a, a.keyOffset(), a.keyLength(), b, b.keyOffset(), b.keyLength())
                || !isSame(a, a.valueOffset(), a.valueLength(), b, b.valueOffset(), b.valueLength())
                || a.headerCount() != b.headerCount()) {
            return false;
        }
        for (int i = 0; i < a.headerCount(); i++) {
            if (!isSame(
                            a,
                            a.headerNameOffset(i),
                            a.headerNameLength(i),
                            b,
                            b.headerNameOffset(i),
                            b.headerNameLength(i))
                    || !isSame(
                            a,
                            a.headerValueOffset(i),
                            a.headerValueLength(i),
                            b,
                            b.headerValueOffset(i),
                            b.headerValueLength(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(RecordCursor a, int aOffset, int aLength, RecordCursor b, int bOffset, int bLength) {
        return aLength == bLength
                && (aLength < 0
                        || Arrays.equals(a.array(), aOffset, aOffset + aLength, b.array(), bOffset, bOffset + bLength));
    }

    private static Batch.Outcome reused() {
        return new Batch.Outcome.Failed(new NaruException(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "A request with this Idempotency-Key and other records has been stored; these are not. Send them with a"
                        + " key of their own."));
    }
}
