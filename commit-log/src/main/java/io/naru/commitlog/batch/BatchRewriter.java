package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/**
 * Takes records out of stored batches. What stays keeps its offset, timestamp and bytes, and the batch its codec, its
 * producer and the offsets it spans. Reusable; not thread-safe.
 *
 * <p>A batch that keeps tombstones can be told when they may go, as Kafka does it (KIP-534): bit 6 of its attributes is
 * set and its base timestamp is that time, from which the records' deltas count then. Readers need not know.
 */
public final class BatchRewriter {
    /** Stands for "no time". */
    public static final long NONE = -1;

    private final RecordWalk walk = new RecordWalk();
    private final RecordWalk again = new RecordWalk();
    private final RecordBatch header = new RecordBatch();
    private final GrowableBytes kept = new GrowableBytes();
    private final GrowableBytes redated = new GrowableBytes();
    private final Packer packer = new Packer();
    private final byte[] varint = new byte[10];
    private final byte[] lengthBytes = new byte[5];

    private ByteBuffer result = ByteBuffer.allocate(0);

    /** Says which records stay. */
    public interface Filter {
        /** Whether this one does, good until the next. */
        boolean keeps(RecordWalk record);
    }

    /** What has become of a batch. */
    public enum Outcome {
        /** Every record stays; the batch can be copied. */
        AS_IT_IS,
        /** Some stay, or their batch has been told something new: {@link #result} is what is to be stored. */
        CHANGED,
        /** No record stays, or there was none; {@link #result} holds the header alone, should that be wanted. */
        EMPTY
    }

    /**
     * Looks at the batch that the buffer holds from its position to its limit.
     *
     * @param horizonMillis when tombstones may go that stay and have no such time yet, in epoch ms; {@link #NONE} sets
     *     none
     * @throws CorruptBatchException if it is not well-formed
     */
    public Outcome rewrite(ByteBuffer batch, Filter filter, long horizonMillis) {
        header.wrap(batch, batch.position());
        boolean dated = header.hasDeleteHorizon();
        boolean tombstones = false;
        boolean dropped = false;
        int count = 0;
        long maxTimestamp = NONE;
        kept.length(0);
        kept.add(batch, batch.position(), RecordBatch.HEADER_BYTES);
        walk.reset(batch);
        byte[] from = walk.array();
        int runStart = walk.end();
        while (walk.next()) {
            if (filter.keeps(walk)) {
                count++;
                maxTimestamp = Math.max(maxTimestamp, walk.timestamp());
                tombstones |= walk.isTombstone();
            } else {
                addRun(from, runStart, walk.start());
                runStart = walk.end();
                dropped = true;
            }
        }
        if (count == 0) {
            result = emptied(batch);
            return Outcome.EMPTY;
        }
        boolean toDate = tombstones && !dated && horizonMillis >= 0;
        if (!dropped && !toDate) {
            return Outcome.AS_IT_IS;
        }
        addRun(from, runStart, walk.end());
        long newMax = dropped && !header.isLogAppendTime() ? maxTimestamp : header.maxTimestamp();
        result = rebuilt(header.codec(), count, newMax, toDate ? horizonMillis : NONE);
        return Outcome.CHANGED;
    }

    /** What {@link #rewrite} made, until it is called again. */
    public ByteBuffer result() {
        return result;
    }

    private void addRun(byte[] from, int start, int end) {
        kept.add(from, start, end - start, Integer.MAX_VALUE);
    }

    private ByteBuffer emptied(ByteBuffer batch) {
        ByteBuffer empty = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
        empty.put(0, batch, batch.position(), RecordBatch.HEADER_BYTES);
        header.wrap(empty, 0).refill(Codec.NONE, RecordBatch.HEADER_BYTES, 0, header.maxTimestamp());
        return empty;
    }

    private ByteBuffer rebuilt(Codec codec, int count, long maxTimestamp, long horizonMillis) {
        GrowableBytes whole = kept;
        ByteBuffer plain = ByteBuffer.wrap(whole.array(), 0, whole.length());
        header.wrap(plain, 0).refill(Codec.NONE, plain.limit(), count, maxTimestamp);
        if (horizonMillis >= 0) {
            whole = redated(plain, horizonMillis);
            plain = ByteBuffer.wrap(whole.array(), 0, whole.length());
            header.wrap(plain, 0).refill(Codec.NONE, plain.limit(), count, maxTimestamp);
        }
        int packed = packer.pack(whole.array(), whole.length(), Compression.of(codec));
        if (packed == whole.length()) {
            return plain;
        }
        System.arraycopy(whole.array(), 0, packer.array(), 0, RecordBatch.HEADER_BYTES);
        ByteBuffer compressed = ByteBuffer.wrap(packer.array(), 0, packed);
        header.wrap(compressed, 0).refill(codec, packed, count, maxTimestamp);
        return compressed;
    }

    /** The same records with deltas that count from the time when their tombstones may go. */
    private GrowableBytes redated(ByteBuffer batch, long horizonMillis) {
        redated.length(0);
        redated.add(batch, 0, RecordBatch.HEADER_BYTES);
        header.wrap(ByteBuffer.wrap(redated.array(), 0, RecordBatch.HEADER_BYTES), 0)
                .setDeleteHorizon(horizonMillis);
        again.reset(batch);
        while (again.next()) {
            int delta = Varint.write(again.timestamp() - horizonMillis, varint, 0);
            int rest = again.end() - again.afterTimestamp();
            byte attributes = again.array()[again.bodyStart()];
            int length = Varint.write(1 + delta + rest, lengthBytes, 0);
            redated.add(lengthBytes, 0, length, Integer.MAX_VALUE);
            lengthBytes[0] = attributes;
            redated.add(lengthBytes, 0, 1, Integer.MAX_VALUE);
            redated.add(varint, 0, delta, Integer.MAX_VALUE);
            redated.add(again.array(), again.afterTimestamp(), rest, Integer.MAX_VALUE);
        }
        return redated;
    }
}
