package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.PlainRecords.kafkas;
import static io.naru.commitlog.batch.PlainRecords.ofKafka;
import static io.naru.commitlog.batch.PlainRecords.ofOurs;
import static io.naru.commitlog.batch.PlainRecords.onlyBatch;
import static io.naru.commitlog.batch.PlainRecords.simple;
import static io.naru.commitlog.batch.PlainRecords.write;
import static io.naru.commitlog.batch.PlainRecords.writeByKafka;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.PlainRecords.Bytes;
import io.naru.commitlog.batch.PlainRecords.Plain;
import io.naru.commitlog.batch.PlainRecords.PlainHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.Utils;

/** What we write Kafka reads, what Kafka writes we read, and without compression both write the same bytes. */
class KafkaCompatibilityTests {
    @Property(tries = 300)
    void kafkaReadsWhatWeWrite(@ForAll("recordLists") List<Plain> records, @ForAll Codec codec) {
        ByteBuffer ours = write(records, codec);
        RecordBatch.of(ours).assign(4711, 12);

        MutableRecordBatch theirs = onlyBatch(MemoryRecords.readableRecords(ours.duplicate()));
        theirs.ensureValid();
        assertThat(theirs.baseOffset()).isEqualTo(4711);
        assertThat(theirs.lastOffset()).isEqualTo(4711 + records.size() - 1);
        assertThat(theirs.partitionLeaderEpoch()).isEqualTo(12);
        assertThat(theirs.countOrNull()).isEqualTo(records.size());
        assertThat(theirs.compressionType().id).isIn((byte) codec.id(), (byte) Codec.NONE.id());
        assertThat(theirs.maxTimestamp())
                .isEqualTo(records.stream().mapToLong(Plain::timestamp).max().orElseThrow());
        assertThat(theirs.hasProducerId()).isFalse();
        assertThat(theirs.isControlBatch()).isFalse();
        assertThat(ofKafka(theirs)).isEqualTo(records);
    }

    @Property(tries = 300)
    void weReadWhatKafkaWrites(@ForAll("recordLists") List<Plain> records, @ForAll Codec codec) {
        ByteBuffer theirs = writeByKafka(815, records, codec);

        RecordBatch ours = RecordBatch.of(theirs);
        assertThat(ours.flaw(theirs.remaining())).isNull();
        assertThat(ours.sizeInBytes()).isEqualTo(theirs.remaining());
        assertThat(ours.baseOffset()).isEqualTo(815);
        assertThat(ours.count()).isEqualTo(records.size());
        assertThat(ours.leaderEpoch()).isEqualTo(3);
        assertThat(ours.codec()).isEqualTo(codec);
        assertThat(ofOurs(theirs, 815)).isEqualTo(records);
        new BatchValidator(Integer.MAX_VALUE, DecodeLimits.STORED).check(theirs);
    }

    @Property(tries = 300)
    void bothWriteTheSameBytes(@ForAll("recordLists") List<Plain> records) {
        ByteBuffer theirs = MemoryRecords.withRecords(
                        0, org.apache.kafka.common.compress.Compression.NONE, -1, simple(records))
                .buffer();
        assertThat(Utils.toArray(write(records, Codec.NONE))).isEqualTo(Utils.toArray(theirs));
    }

    /** Enough of them that offset deltas take several bytes and every buffer has to grow. */
    @Property(tries = 6)
    void manyRecordsGoBothWays(@ForAll Codec codec) {
        List<Plain> records = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
            records.add(new Plain(1_000_000 - i * 37L, null, new Bytes(value), List.of()));
        }
        assertThat(ofKafka(onlyBatch(MemoryRecords.readableRecords(write(records, codec)))))
                .isEqualTo(records);
        ByteBuffer theirs = writeByKafka(9, records, codec);
        assertThat(ofOurs(theirs, 9)).isEqualTo(records);
    }

    @Property(tries = 100)
    void theAppendTimeReplacesTheRecordsOwn(@ForAll("recordLists") List<Plain> records, @ForAll Codec codec) {
        ByteBuffer batch = write(records, codec);
        RecordBatch.of(batch).stampAppendTime(123_456);

        MutableRecordBatch theirs = onlyBatch(MemoryRecords.readableRecords(batch.duplicate()));
        theirs.ensureValid();
        assertThat(theirs.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        List<Plain> stamped = records.stream()
                .map(record -> new Plain(123_456, record.key(), record.value(), record.headers()))
                .toList();
        assertThat(ofKafka(theirs)).isEqualTo(stamped);
        assertThat(ofOurs(batch, 0)).isEqualTo(stamped);
    }

    @Property(tries = 50)
    void weSeeWhoProducedABatch(@ForAll("recordLists") List<Plain> records, @ForAll Codec codec) {
        ByteBuffer theirs = MemoryRecords.withTransactionalRecords(kafkas(codec), 77, (short) 5, 1234, simple(records))
                .buffer();
        RecordBatch ours = RecordBatch.of(theirs);
        assertThat(ours.producerId()).isEqualTo(77);
        assertThat(ours.producerEpoch()).isEqualTo((short) 5);
        assertThat(ours.baseSequence()).isEqualTo(1234);
        assertThat(ours.isTransactional()).isTrue();
        assertThat(ours.isControl()).isFalse();
    }

    @Provide
    Arbitrary<List<Plain>> recordLists() {
        Arbitrary<Bytes> bytes = Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(200)
                .map(Bytes::new)
                .injectNull(0.2);
        Arbitrary<PlainHeader> headers = Combinators.combine(
                        Arbitraries.strings().all().ofMaxLength(20).filter(KafkaCompatibilityTests::isUtf8), bytes)
                .as(PlainHeader::new);
        Arbitrary<Plain> records = Combinators.combine(
                        Arbitraries.longs().between(-1, 4_102_444_800_000L),
                        bytes,
                        bytes,
                        headers.list().ofMaxSize(4))
                .as(Plain::new);
        // Some of few different records, so that compressing them makes them smaller and is not given up.
        return Arbitraries.oneOf(
                records.list().ofMinSize(1).ofMaxSize(30),
                records.list()
                        .ofMinSize(1)
                        .ofMaxSize(4)
                        .map(few -> Collections.nCopies(20, few).stream()
                                .flatMap(List::stream)
                                .toList()));
    }

    private static boolean isUtf8(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
