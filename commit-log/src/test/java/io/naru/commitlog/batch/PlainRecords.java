package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** Records as values, through our own code and through Kafka's. */
final class PlainRecords {
    private PlainRecords() {}

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

    /** What we make of records. */
    static ByteBuffer write(List<Plain> records, Codec codec) {
        return write(records, Compression.of(codec));
    }

    static ByteBuffer write(List<Plain> records, Compression how) {
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
        return builder.build(how);
    }

    static SimpleRecord[] simple(List<Plain> records) {
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

    /** What Kafka makes of the same records. */
    static ByteBuffer writeByKafka(long baseOffset, List<Plain> records, Codec codec) {
        return MemoryRecords.withRecords(baseOffset, kafkas(codec), 3, simple(records))
                .buffer();
    }

    static org.apache.kafka.common.compress.Compression kafkas(Codec codec) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
    }

    /** The one batch Kafka finds. */
    static MutableRecordBatch onlyBatch(MemoryRecords records) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        records.batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.getFirst();
    }

    /** The records Kafka finds. */
    static List<Plain> ofKafka(MutableRecordBatch batch) {
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

    /** The records we find. */
    static List<Plain> ofOurs(ByteBuffer batch, long offset) {
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
