package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.PlainRecords.kafkas;
import static io.naru.commitlog.batch.PlainRecords.ofKafka;
import static io.naru.commitlog.batch.PlainRecords.ofOurs;
import static io.naru.commitlog.batch.PlainRecords.onlyBatch;
import static io.naru.commitlog.batch.PlainRecords.simple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.PlainRecords.Bytes;
import io.naru.commitlog.batch.PlainRecords.Plain;
import io.naru.commitlog.batch.PlainRecords.PlainHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;

class BatchRecompressorTests {
    private final BatchRecompressor recompressor = new BatchRecompressor(DecodeLimits.STORED);

    /** All 25 pairs: what another has built, with its producer, stays what it is in everything but the codec. */
    @Property
    void aBatchKeepsAllButItsCodec(@ForAll Codec from, @ForAll Codec to) {
        List<Plain> records = records(200);
        ByteBuffer theirs = MemoryRecords.withIdempotentRecords(
                        (byte) 2, 815, kafkas(from), 77, (short) 5, 1234, 3, simple(records))
                .buffer();

        ByteBuffer changed = recompressor.recompress(theirs, Compression.of(to));

        new BatchValidator(Integer.MAX_VALUE, DecodeLimits.STORED).check(changed);
        assertThat(RecordBatch.of(changed).codec()).isEqualTo(to);
        MutableRecordBatch read = onlyBatch(MemoryRecords.readableRecords(changed.duplicate()));
        read.ensureValid();
        assertThat(read.producerId()).isEqualTo(77);
        assertThat(read.producerEpoch()).isEqualTo((short) 5);
        assertThat(read.baseSequence()).isEqualTo(1234);
        assertThat(read.baseOffset()).isEqualTo(815);
        assertThat(read.partitionLeaderEpoch()).isEqualTo(3);
        assertThat(ofKafka(read)).isEqualTo(records);
        assertThat(ofOurs(changed, 815)).isEqualTo(records);
    }

    @Test
    void aBatchOfTheCodecAskedForIsLeftAlone() {
        ByteBuffer batch = PlainRecords.write(records(50), new Compression(Codec.GZIP, 1));
        assertThat(recompressor.recompress(batch, new Compression(Codec.GZIP, 9)))
                .isSameAs(batch);
    }

    @Test
    void readsFromWhereverTheBatchLies() {
        ByteBuffer batch = PlainRecords.write(records(50), Codec.LZ4);
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 7).position(7);
        direct.put(batch.duplicate()).flip().position(7);
        ByteBuffer within =
                ByteBuffer.allocate(batch.remaining() + 9).position(5).slice();
        within.position(4).put(batch.duplicate()).position(4);
        for (ByteBuffer from : List.of(direct, within)) {
            ByteBuffer changed = recompressor.recompress(from, Compression.of(Codec.SNAPPY));
            assertThat(RecordBatch.of(changed).codec()).isEqualTo(Codec.SNAPPY);
            assertThat(ofOurs(changed, 0)).isEqualTo(records(50));
        }
    }

    @Test
    void whatDoesNotBecomeSmallerIsNotCompressed() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        List<Plain> records = List.of(new Plain(1, null, new Bytes(noise), List.of()));
        ByteBuffer batch = PlainRecords.writeByKafka(0, records, Codec.GZIP);
        ByteBuffer changed = recompressor.recompress(batch, Compression.of(Codec.ZSTD));
        assertThat(RecordBatch.of(changed).codec()).isEqualTo(Codec.NONE);
        assertThat(ofOurs(changed, 0)).isEqualTo(records);
    }

    @Test
    void aBombIsNotUnpacked() {
        ByteBuffer bomb = SealedBatches.around(
                Codec.GZIP, SealedBatches.compressed(Codec.GZIP, SealedBatches.section(new byte[8 << 20])));
        var careful = new BatchRecompressor(new DecodeLimits(2 << 20, 1000));
        assertThatThrownBy(() -> careful.recompress(bomb, Compression.of(Codec.LZ4)))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("more than");
    }

    private static List<Plain> records(int count) {
        List<Plain> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] value = ("value number " + i + " of many that look alike").getBytes();
            records.add(new Plain(
                    1000 + i,
                    i % 3 == 0 ? null : new Bytes(new byte[] {(byte) i}),
                    i % 7 == 0 ? null : new Bytes(value),
                    i % 2 == 0 ? List.of() : List.of(new PlainHeader("trace", new Bytes(value)))));
        }
        return records;
    }
}
