package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** What we write Kafka reads, what Kafka writes we read, and without compression both write the same bytes. */
class KafkaCompatibilityTests {
    /** A record as both sides have it; null stands for null. */
    record Plain(long timestamp, Bytes key, Bytes value, List<PlainHeader> headers) {}

    record PlainHeader(String name, Bytes value) {}

    /** An array that is equal to one of the same content. */
    record Bytes(byte[] array) {
        static Bytes of(byte[] array) {
            return array == null ? null : new Bytes(array);
        }

        static byte[] arrayOf(Bytes bytes) {
            return bytes == null ? null : bytes.array;
        }

        static int lengthOf(Bytes bytes) {
            return bytes == null ? -1 : bytes.array.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes(byte[] theirs) && Arrays.equals(array, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(array);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(array);
        }
    }

    @Property(tries = 300)
    void kafkaReadsWhatWeWrite(@ForAll("recordLists") List<Plain> records, @ForAll("codecs") Codec codec) {
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
    void weReadWhatKafkaWrites(@ForAll("recordLists") List<Plain> records, @ForAll("codecs") Codec codec) {
        ByteBuffer theirs = MemoryRecords.withRecords(815, compression(codec), 3, simple(records))
                .buffer();

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
        ByteBuffer theirs = MemoryRecords.withRecords(0, Compression.NONE, -1, simple(records))
                .buffer();
        assertThat(Utils.toArray(write(records, Codec.NONE))).isEqualTo(Utils.toArray(theirs));
    }

    /** Enough of them that offset deltas take several bytes and every buffer has to grow. */
    @Property(tries = 6)
    void manyRecordsGoBothWays(@ForAll("codecs") Codec codec) {
        List<Plain> records = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
            records.add(new Plain(1_000_000 - i * 37L, null, new Bytes(value), List.of()));
        }
        assertThat(ofKafka(onlyBatch(MemoryRecords.readableRecords(write(records, codec)))))
                .isEqualTo(records);
        ByteBuffer theirs = MemoryRecords.withRecords(9, compression(codec), simple(records))
                .buffer();
        assertThat(ofOurs(theirs, 9)).isEqualTo(records);
    }

    @Property(tries = 100)
    void theAppendTimeReplacesTheRecordsOwn(@ForAll("recordLists") List<Plain> records, @ForAll("codecs") Codec codec) {
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
    void weSeeWhoProducedABatch(@ForAll("recordLists") List<Plain> records, @ForAll("codecs") Codec codec) {
        ByteBuffer theirs = MemoryRecords.withTransactionalRecords(
                        compression(codec), 77, (short) 5, 1234, simple(records))
                .buffer();
        RecordBatch ours = RecordBatch.of(theirs);
        assertThat(ours.producerId()).isEqualTo(77);
        assertThat(ours.producerEpoch()).isEqualTo((short) 5);
        assertThat(ours.baseSequence()).isEqualTo(1234);
        assertThat(ours.isTransactional()).isTrue();
        assertThat(ours.isControl()).isFalse();
    }

    @Provide
    Arbitrary<Codec> codecs() {
        return Arbitraries.of(Codec.NONE, Codec.ZSTD);
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
        return records.list().ofMinSize(1).ofMaxSize(30);
    }

    private static boolean isUtf8(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static ByteBuffer write(List<Plain> records, Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 26);
        RecordHeaders headers = new RecordHeaders();
        for (Plain record : records) {
            headers.clear();
            record.headers().forEach(header -> headers.add(header.name(), Bytes.arrayOf(header.value())));
            assertThat(builder.tryAppend(
                            record.timestamp(),
                            Bytes.arrayOf(record.key()),
                            0,
                            Bytes.lengthOf(record.key()),
                            Bytes.arrayOf(record.value()),
                            0,
                            Bytes.lengthOf(record.value()),
                            headers))
                    .isTrue();
        }
        return builder.build(codec);
    }

    private static SimpleRecord[] simple(List<Plain> records) {
        return records.stream()
                .map(record -> new SimpleRecord(
                        record.timestamp(),
                        Bytes.arrayOf(record.key()),
                        Bytes.arrayOf(record.value()),
                        record.headers().stream()
                                .map(header -> new RecordHeader(header.name(), Bytes.arrayOf(header.value())))
                                .toArray(Header[]::new)))
                .toArray(SimpleRecord[]::new);
    }

    private static Compression compression(Codec codec) {
        return codec == Codec.NONE ? Compression.NONE : Compression.zstd().build();
    }

    private static MutableRecordBatch onlyBatch(MemoryRecords records) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        records.batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.getFirst();
    }

    private static List<Plain> ofKafka(MutableRecordBatch batch) {
        List<Plain> records = new ArrayList<>();
        batch.forEach(record -> {
            List<PlainHeader> headers = new ArrayList<>();
            for (Header header : record.headers()) {
                headers.add(new PlainHeader(header.key(), Bytes.of(header.value())));
            }
            records.add(new Plain(
                    record.timestamp(),
                    Bytes.of(Utils.toNullableArray(record.key())),
                    Bytes.of(Utils.toNullableArray(record.value())),
                    headers));
        });
        return records;
    }

    private static List<Plain> ofOurs(ByteBuffer batch, long offset) {
        // Direct memory takes other paths than an array does; both have to say the same.
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 7).position(7);
        direct.put(batch.duplicate()).flip().position(7);
        List<Plain> records = readAll(batch, offset);
        assertThat(readAll(direct, offset)).isEqualTo(records);
        return records;
    }

    private static List<Plain> readAll(ByteBuffer batch, long offset) {
        List<Plain> records = new ArrayList<>();
        RecordCursor cursor = new RecordCursor(batch);
        while (cursor.next()) {
            assertThat(cursor.offset()).isEqualTo(offset + records.size());
            List<PlainHeader> headers = new ArrayList<>();
            for (int i = 0; i < cursor.headerCount(); i++) {
                String name = new String(
                        cursor.array(), cursor.headerNameOffset(i), cursor.headerNameLength(i), StandardCharsets.UTF_8);
                headers.add(
                        new PlainHeader(name, copy(cursor, cursor.headerValueOffset(i), cursor.headerValueLength(i))));
            }
            records.add(new Plain(
                    cursor.timestamp(),
                    copy(cursor, cursor.keyOffset(), cursor.keyLength()),
                    copy(cursor, cursor.valueOffset(), cursor.valueLength()),
                    headers));
        }
        return records;
    }

    private static Bytes copy(RecordCursor cursor, int offset, int length) {
        return length < 0 ? null : new Bytes(Arrays.copyOfRange(cursor.array(), offset, offset + length));
    }
}
