package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.ShortRange;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Batches that name their producer, as Kafka's own classes see them. */
class ProducerBatchTests {
    private final BatchValidator validator = new BatchValidator(1 << 20, new DecodeLimits(8 << 20, 1000));

    @Property(tries = 200)
    void kafkaReadsTheProducerThatWeName(
            @ForAll @LongRange(min = 0) long id,
            @ForAll @ShortRange(min = 0) short epoch,
            @ForAll @IntRange(min = 0) int sequence,
            @ForAll @IntRange(min = 1, max = 20) int records) {
        ByteBuffer batch = batch(id, epoch, sequence, records);
        validator.check(batch);
        MutableRecordBatch theirs = readByKafka(batch);
        assertThat(theirs.hasProducerId()).isTrue();
        assertThat(theirs.producerId()).isEqualTo(id);
        assertThat(theirs.producerEpoch()).isEqualTo(epoch);
        assertThat(theirs.baseSequence()).isEqualTo(sequence);
        assertThat(theirs.lastSequence()).isEqualTo((sequence + records - 1) & Integer.MAX_VALUE);
        assertThat(valuesOf(theirs)).hasSize(records);
    }

    @Property(tries = 200)
    void kafkaReadsPastAReservedIdentity(
            @ForAll("hashes") byte[] hash, @ForAll @IntRange(min = 1, max = 20) int records) {
        ReservedIdentity identity = ReservedIdentity.of(hash);
        ByteBuffer batch = batch(identity.id(), identity.epoch(), identity.sequence(), records);
        MutableRecordBatch theirs = readByKafka(batch);
        assertThat(theirs.hasProducerId()).isFalse();
        assertThat(theirs.isTransactional()).isFalse();
        assertThat(theirs.isControlBatch()).isFalse();
        assertThat(valuesOf(theirs)).hasSize(records);
        assertThat(theirs.toString()).contains("offset");

        RecordBatch ours = RecordBatch.of(batch);
        assertThat(new ReservedIdentity(ours.producerId(), ours.producerEpoch(), ours.baseSequence()))
                .isEqualTo(identity);
    }

    @Provide
    Arbitrary<byte[]> hashes() {
        return Arbitraries.bytes().array(byte[].class).ofSize(ReservedIdentity.HASH_BYTES);
    }

    @Property(tries = 100)
    void weReadTheProducerThatKafkaNames(
            @ForAll @LongRange(min = 0) long id,
            @ForAll @ShortRange(min = 0) short epoch,
            @ForAll @IntRange(min = 0) int sequence) {
        ByteBuffer theirs = MemoryRecords.withIdempotentRecords(
                        Compression.NONE, id, epoch, sequence, new SimpleRecord(1, "v".getBytes()))
                .buffer();
        validator.check(theirs);
        RecordBatch ours = RecordBatch.of(theirs);
        assertThat(ours.producerId()).isEqualTo(id);
        assertThat(ours.producerEpoch()).isEqualTo(epoch);
        assertThat(ours.baseSequence()).isEqualTo(sequence);
    }

    @Test
    void aBuilderForgetsTheProducerWithTheBatch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1000);
        builder.producer(5, (short) 1, 7);
        builder.tryAppend(1, null, 0, -1, null, 0, -1, RecordHeaders.NONE);
        assertThat(RecordBatch.of(builder.build(Codec.NONE)).producerId()).isEqualTo(5);
        builder.reset();
        builder.tryAppend(1, null, 0, -1, null, 0, -1, RecordHeaders.NONE);
        RecordBatch next = RecordBatch.of(builder.build(Codec.ZSTD));
        assertThat(next.producerId()).isEqualTo(RecordBatch.NONE);
        assertThat(next.producerEpoch()).isEqualTo((short) RecordBatch.NONE);
        assertThat(next.baseSequence()).isEqualTo(RecordBatch.NONE);
    }

    @Test
    void nobodyMaySendAReservedIdentity() {
        assertThatThrownBy(() -> validator.check(batch(-2, (short) 0, 0, 1)))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("reserved");
        assertThatThrownBy(() -> validator.check(batch(Long.MIN_VALUE, (short) 0, 0, 1)))
                .hasMessageContaining("reserved");
    }

    @Test
    void aProducersNumbersAreNotNegative() {
        assertThatThrownBy(() -> validator.check(batch(7, (short) -1, 0, 1))).hasMessageContaining("negative");
        assertThatThrownBy(() -> validator.check(batch(7, (short) 0, -1, 1))).hasMessageContaining("negative");
    }

    private static ByteBuffer batch(long id, short epoch, int sequence, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 16);
        for (int i = 0; i < records; i++) {
            builder.tryAppend(i, null, 0, -1, new byte[] {(byte) i}, 0, 1, RecordHeaders.NONE);
        }
        builder.producer(id, epoch, sequence);
        return builder.build(Codec.NONE);
    }

    private static MutableRecordBatch readByKafka(ByteBuffer batch) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(batch.duplicate()).batches().forEach(batches::add);
        MutableRecordBatch only = batches.getFirst();
        only.ensureValid();
        assertThat(batches).hasSize(1);
        return only;
    }

    private static List<String> valuesOf(MutableRecordBatch batch) {
        List<String> values = new ArrayList<>();
        for (Record record : batch) {
            byte[] value = new byte[record.valueSize()];
            record.value().get(value);
            values.add(Arrays.toString(value));
        }
        return values;
    }
}
