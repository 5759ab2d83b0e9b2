package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.PlainRecords.ofKafka;
import static io.naru.commitlog.batch.PlainRecords.ofOurs;
import static io.naru.commitlog.batch.PlainRecords.onlyBatch;
import static io.naru.commitlog.batch.PlainRecords.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.BatchRewriter.Outcome;
import io.naru.commitlog.batch.PlainRecords.Bytes;
import io.naru.commitlog.batch.PlainRecords.Plain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;

/** What is left of a batch is what we asked for, and Kafka reads it. */
class BatchRewriterTests {
    private static final long HORIZON = 1_900_000_000_000L;

    private final BatchRewriter rewriter = new BatchRewriter();

    @Property(tries = 500)
    void kafkaReadsWhatIsLeft(
            @ForAll Codec codec,
            @ForAll boolean horizon,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll @IntRange(max = 4) int oneIn,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<Plain> records = records(count, random);
        List<Boolean> keep = records.stream()
                .map(_ -> oneIn == 0 || random.nextInt(oneIn + 1) > 0)
                .toList();
        ByteBuffer batch = write(records, codec);
        RecordBatch.of(batch).assign(500, 4);
        List<Plain> kept = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (keep.get(i)) {
                kept.add(records.get(i));
                offsets.add(500L + i);
            }
        }
        boolean tombstones = kept.stream().anyMatch(record -> record.value() == null);

        Outcome outcome = rewriter.rewrite(
                batch, record -> keep.get((int) record.offset() - 500), horizon ? HORIZON : BatchRewriter.NONE);

        if (kept.isEmpty()) {
            assertThat(outcome).isEqualTo(Outcome.EMPTY);
        } else if (kept.size() == count && !(tombstones && horizon)) {
            assertThat(outcome).isEqualTo(Outcome.AS_IT_IS);
            return;
        } else {
            assertThat(outcome).isEqualTo(Outcome.CHANGED);
        }
        ByteBuffer left = rewriter.result();
        MutableRecordBatch theirs = onlyBatch(MemoryRecords.readableRecords(left.duplicate()));
        theirs.ensureValid();
        assertThat(theirs.baseOffset()).isEqualTo(500);
        assertThat(theirs.lastOffset()).isEqualTo(500 + count - 1);
        assertThat(theirs.partitionLeaderEpoch()).isEqualTo(4);
        assertThat(theirs.countOrNull()).isEqualTo(kept.size());
        assertThat(ofKafka(theirs)).isEqualTo(kept);
        List<Long> theirOffsets = new ArrayList<>();
        for (Record record : theirs) {
            theirOffsets.add(record.offset());
        }
        assertThat(theirOffsets).isEqualTo(offsets);
        if (tombstones && horizon) {
            assertThat(theirs.deleteHorizonMs()).hasValue(HORIZON);
        } else {
            assertThat(theirs.deleteHorizonMs()).isEmpty();
        }
        if (!kept.isEmpty()) {
            assertThat(theirs.maxTimestamp())
                    .isEqualTo(kept.stream().mapToLong(Plain::timestamp).max().orElseThrow());
            assertThat(theirs.compressionType().id).isIn((byte) codec.id(), (byte) 0);
        }
    }

    @Test
    void aHorizonThatIsSetStays() {
        Plain deleted = new Plain(1000, bytes("a"), null, List.of());
        Plain other = new Plain(3000, bytes("b"), bytes("v"), List.of());
        ByteBuffer batch = write(List.of(deleted, other), Codec.NONE);
        rewriter.rewrite(batch, _ -> true, HORIZON);
        ByteBuffer dated = copy(rewriter.result());
        assertThat(RecordBatch.of(dated).hasDeleteHorizon()).isTrue();
        assertThat(RecordBatch.of(dated).baseTimestamp()).isEqualTo(HORIZON);
        assertThat(ofOurs(dated, 0)).containsExactly(deleted, other);

        assertThat(rewriter.rewrite(dated, _ -> true, HORIZON + 5)).isEqualTo(Outcome.AS_IT_IS);
        assertThat(rewriter.rewrite(dated, record -> record.offset() == 0, HORIZON + 5))
                .isEqualTo(Outcome.CHANGED);
        assertThat(RecordBatch.of(rewriter.result()).baseTimestamp()).isEqualTo(HORIZON);
        assertThat(ofOurs(rewriter.result(), 0)).containsExactly(deleted);
    }

    @Test
    void anAppendTimeStandsForAllThatIsLeft() {
        ByteBuffer batch = write(
                List.of(
                        new Plain(1, bytes("a"), bytes("v"), List.of()),
                        new Plain(2, bytes("b"), null, List.of()),
                        new Plain(3, bytes("c"), bytes("v"), List.of())),
                Codec.NONE);
        RecordBatch.of(batch).stampAppendTime(777);
        rewriter.rewrite(batch, record -> record.offset() < 2, HORIZON);
        MutableRecordBatch theirs = onlyBatch(MemoryRecords.readableRecords(rewriter.result()));
        theirs.ensureValid();
        assertThat(theirs.maxTimestamp()).isEqualTo(777);
        assertThat(ofKafka(theirs))
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(777));
    }

    @Test
    void theProducerStays() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1000);
        builder.producer(9, (short) 3, 40);
        builder.tryAppend(1, new byte[] {1}, 0, 1, new byte[] {2}, 0, 1, RecordHeaders.NONE);
        builder.tryAppend(1, new byte[] {1}, 0, 1, new byte[] {2}, 0, 1, RecordHeaders.NONE);
        ByteBuffer batch = copy(builder.build(Codec.NONE));
        assertThat(rewriter.rewrite(batch, _ -> false, HORIZON)).isEqualTo(Outcome.EMPTY);
        RecordBatch empty = RecordBatch.of(rewriter.result());
        assertThat(empty.flaw(rewriter.result().remaining())).isNull();
        assertThat(empty.count()).isZero();
        assertThat(empty.producerId()).isEqualTo(9);
        assertThat(empty.baseSequence()).isEqualTo(40);
        assertThat(empty.lastOffset()).isEqualTo(1);
        assertThat(new RecordCursor(rewriter.result()).next()).isFalse();
        assertThat(rewriter.rewrite(copy(rewriter.result()), _ -> true, HORIZON))
                .isEqualTo(Outcome.EMPTY);
    }

    @Property(tries = 2000)
    void damagedRecordsAreRefusedAndNothingElseHappens(@ForAll Codec codec, @ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer batch = copy(write(records(10, random), codec));
        int flips = 1 + random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            int at = RecordBatch.HEADER_BYTES + random.nextInt(batch.remaining() - RecordBatch.HEADER_BYTES);
            batch.put(at, (byte) random.nextInt());
        }
        try {
            rewriter.rewrite(batch, record -> record.offset() % 2 == 0, HORIZON);
        } catch (CorruptBatchException _) {
            // As it should, unless the flaw is in a value.
        }
    }

    @Test
    void bytesBehindTheLastRecordAreNotTaken() {
        byte[] section = SealedBatches.section(new byte[] {1, 2});
        byte[] longer = java.util.Arrays.copyOf(section, section.length + 1);
        assertThatThrownBy(() -> rewriter.rewrite(SealedBatches.around(Codec.NONE, longer), _ -> true, -1))
                .isInstanceOf(CorruptBatchException.class);
    }

    private static List<Plain> records(int count, Random random) {
        List<Plain> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bytes value = random.nextInt(3) == 0 ? null : bytes("value ".repeat(1 + random.nextInt(5)));
            records.add(new Plain(1_700_000_000_000L + random.nextInt(100_000), bytes("key " + i), value, List.of()));
        }
        return records;
    }

    private static Bytes bytes(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
