package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchValidatorTests {
    private final BatchValidator validator = new BatchValidator(1 << 20, new DecodeLimits(8 << 20, 1000));

    @ParameterizedTest
    @EnumSource
    void takesAWellFormedBatchWhereverItLiesInTheBuffer(Codec codec) {
        ByteBuffer batch = batch(codec);
        ByteBuffer within = ByteBuffer.allocate(batch.remaining() + 20).position(10);
        within.put(batch.duplicate()).limit(within.position()).position(10);
        validator.check(batch);
        validator.check(within);
        assertThat(within.position()).isEqualTo(10);
    }

    @Test
    void refusesWhatIsCutShortOrTooLong() {
        ByteBuffer batch = batch(Codec.NONE);
        refuses(batch.duplicate().limit(batch.limit() - 1), "says it has");
        refuses(batch.duplicate().limit(20), "at least 61 bytes");
        refuses(ByteBuffer.allocate(batch.limit() + 1).put(batch).rewind(), "says it has");
        refuses(ByteBuffer.allocate((1 << 20) + 1), "at most 1048576");
    }

    @Test
    void refusesAWrongHeader() {
        refuses(changed(batch -> batch.put(16, (byte) 1)), "magic is 1");
        refuses(changed(batch -> batch.put(70, (byte) (batch.get(70) + 1))), "CRC-32C");
        refuses(resealed(batch -> batch.putShort(21, (short) 3)), "LZ4 data is damaged");
        refuses(resealed(batch -> batch.putShort(21, (short) 7)), "Unknown compression codec 7");
        refuses(resealed(batch -> batch.putShort(21, (short) 0x10)), "transaction");
        refuses(resealed(batch -> batch.putShort(21, (short) 0x20)), "transaction");
        refuses(resealed(batch -> batch.putShort(21, (short) 0x08)), "only a log may set");
        refuses(resealed(batch -> batch.putShort(21, (short) 0x40)), "only a log may set");
        refuses(resealed(batch -> batch.putShort(21, (short) 0x8000)), "only a log may set");
    }

    @Test
    void refusesCountsAndTimesThatContradictTheRecords() {
        refuses(resealed(batch -> batch.putInt(57, 4)), "4 records");
        refuses(resealed(batch -> batch.putInt(57, 4).putInt(23, 3)), "ends within a record");
        refuses(resealed(batch -> batch.putInt(57, 2).putInt(23, 1)), "behind its last record");
        refuses(resealed(batch -> batch.putInt(57, 0).putInt(23, -1)), "0 records");
        refuses(resealed(batch -> batch.putInt(57, -5).putInt(23, -6)), "-5 records");
        refuses(resealed(batch -> batch.putLong(35, 999_999)), "latest timestamp");
    }

    @Test
    void refusesMarkersOfTransactions() {
        MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                77, (short) 1, new EndTransactionMarker(ControlRecordType.COMMIT, 1));
        refuses(marker.buffer(), "transaction");
    }

    @Test
    void refusesABombAndLivesOn() {
        // Seen from outside a few kilobytes; inside 64 MiB of zeros.
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 27);
        byte[] zeros = new byte[64 << 20];
        builder.tryAppend(1, null, 0, -1, zeros, 0, zeros.length, RecordHeaders.NONE);
        ByteBuffer bomb = builder.build(Codec.ZSTD);
        assertThat(bomb.remaining()).isLessThan(64 << 10);
        refuses(bomb, "more than");
        validator.check(batch(Codec.ZSTD));
    }

    @Test
    void refusesAStreamedBombThatHidesItsSize() {
        SimpleRecord zeros = new SimpleRecord(1, null, new byte[16 << 20]);
        refuses(
                MemoryRecords.withRecords(PlainRecords.kafkas(Codec.ZSTD), zeros)
                        .buffer(),
                "more than");
    }

    /** Whatever bytes come, under a checksum that fits: refused by name or taken, never anything else. */
    @Property(tries = 3000)
    void neverTripsOverHostileBytes(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer batch = batch(Codec.of(random.nextInt(5)));
        for (int i = random.nextInt(8); i >= 0; i--) {
            batch.put(16 + random.nextInt(batch.limit() - 16), (byte) random.nextInt());
        }
        SealedBatches.seal(batch);
        try {
            validator.check(batch);
        } catch (CorruptBatchException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private void refuses(ByteBuffer batch, String why) {
        assertThatThrownBy(() -> validator.check(batch))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining(why);
    }

    private static ByteBuffer batch(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 16);
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1, 2, 3});
        headers.add("empty", null);
        byte[] value = "value, value, value, value".getBytes();
        for (int i = 0; i < 3; i++) {
            builder.tryAppend(1000 + i, value, 0, 5, value, 0, value.length, headers);
        }
        return builder.build(codec);
    }

    private static ByteBuffer changed(Consumer<ByteBuffer> change) {
        ByteBuffer batch = batch(Codec.NONE);
        change.accept(batch);
        return batch;
    }

    private static ByteBuffer resealed(Consumer<ByteBuffer> change) {
        return SealedBatches.seal(changed(change));
    }
}
