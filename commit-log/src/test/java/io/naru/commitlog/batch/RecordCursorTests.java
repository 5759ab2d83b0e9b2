package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class RecordCursorTests {
    @Test
    void walksSeveralBatchesOfSeveralCodecs() {
        ByteBuffer batches = concatenated(
                batch(Codec.NONE, 3),
                batch(Codec.ZSTD, 20),
                batch(Codec.GZIP, 40),
                batch(Codec.NONE, 1),
                batch(Codec.SNAPPY, 30),
                batch(Codec.LZ4, 25));
        assertThat(count(new RecordCursor(batches))).isEqualTo(119);
        assertThat(batches.position()).isZero();
    }

    @Test
    void canBeResetInTheMiddleOfABatch() {
        RecordCursor cursor = new RecordCursor(batch(Codec.NONE, 3));
        assertThat(cursor.next()).isTrue();
        cursor.reset(batch(Codec.ZSTD, 2));
        assertThat(count(cursor)).isEqualTo(2);
    }

    @Test
    void canBeResetAfterDamage() {
        ByteBuffer damaged = batch(Codec.NONE, 3);
        damaged.put(RecordBatch.HEADER_BYTES, (byte) 126);
        RecordCursor cursor = new RecordCursor(damaged);
        assertThatThrownBy(() -> count(cursor)).isInstanceOf(CorruptBatchException.class);
        assertThat(count(cursor.reset(batch(Codec.NONE, 3)))).isEqualTo(3);
    }

    @Test
    void aBatchThatIsCutShortIsDamage() {
        ByteBuffer batches = concatenated(batch(Codec.NONE, 1), batch(Codec.NONE, 1));
        for (int limit = batches.limit() / 2 + 1; limit < batches.limit(); limit++) {
            RecordCursor cursor = new RecordCursor(batches.duplicate().limit(limit));
            assertThatThrownBy(() -> count(cursor)).isInstanceOf(CorruptBatchException.class);
        }
    }

    @Test
    void passesOverMarkersOfTransactions() {
        ByteBuffer marker = MemoryRecords.withEndTransactionMarker(
                        77, (short) 1, new EndTransactionMarker(ControlRecordType.COMMIT, 1))
                .buffer();
        assertThat(RecordBatch.of(marker).isControl()).isTrue();
        assertThat(count(new RecordCursor(concatenated(batch(Codec.NONE, 1), marker, batch(Codec.NONE, 1)))))
                .isEqualTo(2);
    }

    @Test
    void readsNothingFromNothing() {
        assertThat(new RecordCursor().next()).isFalse();
        assertThat(new RecordCursor(ByteBuffer.allocate(0)).next()).isFalse();
    }

    @Test
    void headersBeyondTheLastAreRefused() {
        RecordCursor cursor = new RecordCursor(batch(Codec.NONE, 1));
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.headerCount()).isZero();
        assertThatThrownBy(() -> cursor.headerNameOffset(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int count(RecordCursor cursor) {
        int count = 0;
        while (cursor.next()) {
            count++;
        }
        return count;
    }

    private static ByteBuffer batch(Codec codec, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 16);
        for (int i = 0; i < records; i++) {
            builder.tryAppend(i, null, 0, -1, "value".getBytes(), 0, 5, RecordHeaders.NONE);
        }
        return builder.build(codec);
    }

    private static ByteBuffer concatenated(ByteBuffer... batches) {
        ByteBuffer all = ByteBuffer.allocate(1 << 12);
        for (ByteBuffer batch : batches) {
            all.put(batch);
        }
        return all.flip();
    }
}
