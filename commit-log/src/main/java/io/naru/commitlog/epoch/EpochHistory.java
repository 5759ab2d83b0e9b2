package io.naru.commitlog.epoch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Which leader epochs a log holds records of, and from which offset on each: both rise. Immutable, 12 bytes an epoch.
 *
 * <p>Two replicas of a log agree up to the smaller end of the last epoch they share, which {@link #endOf} finds step by
 * step: Kafka's KIP-101 and KIP-279. A history is what the batches of a log say and nothing else: an epoch whose leader
 * wrote nothing is not in it.
 *
 * <pre>
 * entry:  epoch (i32) | offset of its first record (i64)
 * </pre>
 */
public final class EpochHistory {
    /** No epoch at all. */
    public static final EpochHistory EMPTY = new EpochHistory(new int[0], new long[0]);
    /** Stands for "no epoch". */
    public static final int NONE = -1;
    /** What one entry takes in {@link #writeTo}. */
    public static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    private final int[] epochs;
    private final long[] starts;

    private EpochHistory(int[] epochs, long[] starts) {
        this.epochs = epochs;
        this.starts = starts;
    }

    /** Epochs in it. */
    public int count() {
        return epochs.length;
    }

    /** The last epoch, or {@link #NONE}. */
    public int latest() {
        return epochs.length == 0 ? NONE : epochs[epochs.length - 1];
    }

    /** The epoch that the record at {@code offset} was written in, or {@link #NONE} if it lies before all. */
    public int at(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int entry = found >= 0 ? found : -found - 2;
        return entry < 0 ? NONE : epochs[entry];
    }

    /** The offset of each epoch's first record, rising. */
    public LongStream starts() {
        return Arrays.stream(starts);
    }

    /**
     * With records of {@code epoch} from {@code offset} on, which lies behind all that are known. What contradicts them,
     * later epochs or later records, is forgotten; a negative epoch is none and changes nothing.
     */
    public EpochHistory with(int epoch, long offset) {
        if (epoch < 0 || epoch == latest()) {
            return this;
        }
        int kept = epochs.length;
        while (kept > 0 && (epochs[kept - 1] > epoch || starts[kept - 1] >= offset)) {
            kept--;
        }
        if (kept > 0 && epochs[kept - 1] == epoch) {
            return range(0, kept);
        }
        int[] moreEpochs = Arrays.copyOf(epochs, kept + 1);
        long[] moreStarts = Arrays.copyOf(starts, kept + 1);
        moreEpochs[kept] = epoch;
        moreStarts[kept] = offset;
        return new EpochHistory(moreEpochs, moreStarts);
    }

    /** Without what the log holds from {@code endOffset} on. */
    public EpochHistory endingAt(long endOffset) {
        int kept = epochs.length;
        while (kept > 0 && starts[kept - 1] >= endOffset) {
            kept--;
        }
        return range(0, kept);
    }

    /** Without what the log held before {@code startOffset}: the epoch that held it begins there now. */
    public EpochHistory startingAt(long startOffset) {
        int gone = 0;
        while (gone + 1 < epochs.length && starts[gone + 1] <= startOffset) {
            gone++;
        }
        if (epochs.length == 0 || starts[gone] >= startOffset) {
            return range(gone, epochs.length);
        }
        EpochHistory rest = new EpochHistory(
                Arrays.copyOfRange(epochs, gone, epochs.length), Arrays.copyOfRange(starts, gone, epochs.length));
        rest.starts[0] = startOffset;
        return rest;
    }

    /**
     * Where the largest epoch that is not above {@code epoch} ends. A replica that holds records of that epoch agrees
     * with this log up to the smaller of both ends; one that does not asks again with the largest lower epoch it has.
     *
     * @param logEndOffset of the log, where its last epoch ends
     */
    public EpochEnd endOf(int epoch, long logEndOffset) {
        int entry = epochs.length - 1;
        while (entry >= 0 && epochs[entry] > epoch) {
            entry--;
        }
        long end = entry + 1 < epochs.length ? starts[entry + 1] : logEndOffset;
        return new EpochEnd(entry < 0 ? epoch : epochs[entry], end);
    }

    /** Writes all entries, {@link #ENTRY_BYTES} each. */
    public void writeTo(ByteBuffer to) {
        for (int i = 0; i < epochs.length; i++) {
            to.putInt(epochs[i]).putLong(starts[i]);
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IllegalArgumentException if the entries do not rise
     */
    public static EpochHistory readFrom(ByteBuffer from, int count) {
        int[] epochs = new int[count];
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            epochs[i] = from.getInt();
            starts[i] = from.getLong();
            boolean rises = i == 0 || (epochs[i] > epochs[i - 1] && starts[i] > starts[i - 1]);
            if (epochs[i] < 0 || starts[i] < 0 || !rises) {
                throw new IllegalArgumentException(
                        "Epoch " + epochs[i] + " from offset " + starts[i] + " on does not follow what stands before");
            }
        }
        return new EpochHistory(epochs, starts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EpochHistory history
                && Arrays.equals(epochs, history.epochs)
                && Arrays.equals(starts, history.starts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(epochs) + Arrays.hashCode(starts);
    }

    /** For instance {@code 0@0 3@1000}: each epoch and where it begins. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < epochs.length; i++) {
            text.append(i == 0 ? "" : " ").append(epochs[i]).append('@').append(starts[i]);
        }
        return text.toString();
    }

    private EpochHistory range(int from, int to) {
        if (from == 0 && to == epochs.length) {
            return this;
        }
        return new EpochHistory(Arrays.copyOfRange(epochs, from, to), Arrays.copyOfRange(starts, from, to));
    }
}
