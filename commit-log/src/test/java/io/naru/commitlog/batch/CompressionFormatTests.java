package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.PlainRecords.ofKafka;
import static io.naru.commitlog.batch.PlainRecords.ofOurs;
import static io.naru.commitlog.batch.PlainRecords.onlyBatch;
import static io.naru.commitlog.batch.PlainRecords.write;
import static io.naru.commitlog.batch.PlainRecords.writeByKafka;
import static io.naru.commitlog.batch.SealedBatches.compressed;
import static io.naru.commitlog.batch.SealedBatches.decompressed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.naru.commitlog.batch.PlainRecords.Bytes;
import io.naru.commitlog.batch.PlainRecords.Plain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/** Every codec at every size and level, and the dialects that other writers speak. */
class CompressionFormatTests {
    private static final int ROOM = 1 << 24;

    /** Sizes at which streams are cut into blocks, by us or by others, and their neighbours. */
    private static final int[] SIZES = {
        1, 2, 100, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 131_072, 262_145, 1_000_003
    };

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whatIsCompressedComesBackWhateverItsSizeAndKind(Codec codec) {
        for (int size : SIZES) {
            for (byte[] content : List.of(new byte[size], noise(size), text(size), halfNoise(size))) {
                assertThat(decompressed(codec, compressed(codec, content), size))
                        .isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aLimitIsKeptToTheByte(Codec codec) {
        for (int size : new int[] {1, 1023, 1024, 1025, 65_536, 65_537, 200_000}) {
            byte[] packed = compressed(codec, text(size));
            assertThat(decompressed(codec, packed, size)).hasSize(size);
            assertThatThrownBy(() -> decompressed(codec, packed, size - 1))
                    .isInstanceOf(CorruptBatchException.class)
                    .hasMessageContaining("more than " + (size - 1) + " bytes");
        }
    }

    static Stream<Compression> everyLevel() {
        return Stream.of(
                        IntStream.concat(IntStream.of(-1), IntStream.rangeClosed(1, 9))
                                .mapToObj(level -> new Compression(Codec.GZIP, level)),
                        IntStream.rangeClosed(1, 17).mapToObj(level -> new Compression(Codec.LZ4, level)),
                        IntStream.of(-131_072, -7, -1, 0, 1, 3, 6, 7, 12, 19, 22)
                                .mapToObj(level -> new Compression(Codec.ZSTD, level)),
                        Stream.of(Compression.of(Codec.SNAPPY), Compression.NONE))
                .flatMap(levels -> levels);
    }

    @ParameterizedTest
    @MethodSource("everyLevel")
    void everyLevelIsReadByKafka(Compression how) {
        List<Plain> records = sensorReadings(2000);
        ByteBuffer batch = write(records, how);
        // The very lowest level of zstd makes nothing smaller.
        assertThat(RecordBatch.of(batch).codec()).isEqualTo(how.level() == -131_072 ? Codec.NONE : how.codec());
        assertThat(ofKafka(onlyBatch(MemoryRecords.readableRecords(batch)))).isEqualTo(records);
        assertThat(ofOurs(batch, 0)).isEqualTo(records);
    }

    @Test
    void aHigherLevelMakesLessOfIt() {
        List<Plain> records = sensorReadings(2000);
        for (Codec codec : List.of(Codec.GZIP, Codec.ZSTD)) {
            assertThat(write(records, new Compression(codec, 9)).remaining())
                    .isLessThan(write(records, new Compression(codec, 1)).remaining());
        }
        assertThat(write(records, new Compression(Codec.LZ4, 12)).remaining())
                .isLessThan(write(records, Compression.of(Codec.LZ4)).remaining());
    }

    /** Several blocks of every format, some that compress and some that do not. */
    @ParameterizedTest
    @EnumSource
    void largeBatchesGoBothWays(Codec codec) {
        List<Plain> records = new ArrayList<>();
        for (int size : SIZES) {
            records.add(new Plain(size, new Bytes(text(10)), new Bytes(noise(size)), List.of()));
            records.add(new Plain(-1, null, new Bytes(text(size)), List.of()));
            records.add(new Plain(0, new Bytes(new byte[0]), new Bytes(new byte[0]), List.of()));
            records.add(new Plain(7, new Bytes(new byte[size]), null, List.of()));
        }
        assertThat(ofKafka(onlyBatch(MemoryRecords.readableRecords(write(records, codec)))))
                .isEqualTo(records);
        assertThat(ofOurs(writeByKafka(5, records, codec), 5)).isEqualTo(records);
    }

    @Test
    void framesOfAnyLz4WriterAreRead() throws IOException {
        for (BLOCKSIZE size : BLOCKSIZE.values()) {
            for (Bits[] flags : new Bits[][] {
                {Bits.BLOCK_INDEPENDENCE},
                {Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM},
                {Bits.BLOCK_INDEPENDENCE, Bits.CONTENT_CHECKSUM},
                {Bits.BLOCK_INDEPENDENCE, Bits.CONTENT_SIZE, Bits.CONTENT_CHECKSUM, Bits.BLOCK_CHECKSUM}
            }) {
                byte[] content = halfNoise(5_000_000);
                var out = new ByteArrayOutputStream();
                try (var frame = new LZ4FrameOutputStream(out, size, content.length, flags)) {
                    frame.write(content);
                }
                assertThat(decompressed(Codec.LZ4, out.toByteArray(), ROOM)).isEqualTo(content);
            }
        }
    }

    @Test
    void whatWeWriteIsWhatTheirStreamsWrite() throws IOException {
        byte[] content = text(100_000);
        var out = new ByteArrayOutputStream();
        try (var stream = new SnappyOutputStream(out)) {
            stream.write(content);
        }
        assertThat(compressed(Codec.SNAPPY, content)).isEqualTo(out.toByteArray());
    }

    @Test
    void aBareSnappyBlockIsReadAsLibrdkafkaWritesIt() throws IOException {
        byte[] content = text(100_000);
        assertThat(decompressed(Codec.SNAPPY, Snappy.compress(content), content.length))
                .isEqualTo(content);
        assertThat(decompressed(Codec.SNAPPY, Snappy.compress(new byte[] {7}), 1))
                .containsExactly(7);
    }

    @Test
    void joinedStreamsAreReadAsOne() {
        byte[] first = text(70_000);
        byte[] second = noise(10);
        byte[] both = joined(first, second);
        for (Codec codec : List.of(Codec.GZIP, Codec.SNAPPY, Codec.ZSTD)) {
            byte[] packed = joined(compressed(codec, first), compressed(codec, second));
            assertThat(decompressed(codec, packed, both.length)).isEqualTo(both);
            assertThatThrownBy(() -> decompressed(codec, packed, both.length - 1))
                    .isInstanceOf(CorruptBatchException.class);
        }
        byte[] skippable = ByteBuffer.allocate(13)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A5A)
                .putInt(5)
                .array();
        byte[] packed = joined(joined(skippable, Zstd.compress(first)), joined(skippable, Zstd.compress(second)));
        assertThat(decompressed(Codec.ZSTD, packed, both.length)).isEqualTo(both);
    }

    @Test
    void zstdStreamsThatDoNotSayTheirSizeAreRead() throws IOException {
        for (int size : SIZES) {
            var out = new ByteArrayOutputStream();
            try (OutputStream stream = new com.github.luben.zstd.ZstdOutputStreamNoFinalizer(out)) {
                stream.write(text(size));
            }
            assertThat(decompressed(Codec.ZSTD, out.toByteArray(), size)).isEqualTo(text(size));
        }
    }

    @Test
    void gzipHeadersMayCarryWhatNobodyNeeds() throws IOException {
        byte[] content = text(1000);
        var out = new ByteArrayOutputStream();
        try (var stream = new GZIPOutputStream(out)) {
            stream.write(content);
        }
        byte[] plain = out.toByteArray();
        byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
        byte[] optional = {3, 0, 'a', 'b', 'c', 'n', 'a', 'm', 'e', 0, 'c', 0};
        byte[] header =
                joined(new byte[] {0x1F, (byte) 0x8B, 8, 0x02 | 0x04 | 0x08 | 0x10, 1, 2, 3, 4, 0, 3}, optional);
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] checksum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};

        assertThat(decompressed(Codec.GZIP, joined(joined(header, checksum), body), 1000))
                .isEqualTo(content);

        checksum[0]++;
        assertThatThrownBy(() -> decompressed(Codec.GZIP, joined(joined(header, checksum), body), 1000))
                .hasMessageContaining("header has another checksum");
        for (int cut = 0; cut < header.length; cut++) {
            byte[] shortened = Arrays.copyOf(header, cut);
            assertThatThrownBy(() -> decompressed(Codec.GZIP, shortened.length == 0 ? new byte[1] : shortened, 1000))
                    .isInstanceOf(CorruptBatchException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whatIsInTheMemoryAlreadyStays(Codec codec) {
        GrowableBytes into = new GrowableBytes();
        into.add(new byte[] {1, 2, 3}, 0, 3, 3);
        byte[] packed = compressed(codec, text(100));
        CompressionFormat.of(codec).decompress(packed, 0, packed.length, into, 100);
        assertThat(Arrays.copyOf(into.array(), into.length())).isEqualTo(joined(new byte[] {1, 2, 3}, text(100)));
    }

    private static List<Plain> sensorReadings(int count) {
        List<Plain> records = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < count; i++) {
            String value = "{\"sensor\":%d,\"temperature\":%.1f,\"unit\":\"celsius\"}"
                    .formatted(random.nextInt(1000), random.nextDouble() * 40);
            records.add(new Plain(1000 + i, null, new Bytes(value.getBytes()), List.of()));
        }
        return Collections.unmodifiableList(records);
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    private static byte[] text(int size) {
        byte[] text = new byte[size];
        Random random = new Random(size);
        byte[] words = "the quick brown fox jumps over the lazy dog ".getBytes();
        for (int at = 0; at < size; ) {
            int from = random.nextInt(words.length);
            int length = Math.min(Math.min(1 + random.nextInt(12), size - at), words.length - from);
            System.arraycopy(words, from, text, at, length);
            at += length;
        }
        return text;
    }

    private static byte[] halfNoise(int size) {
        byte[] content = noise(size);
        Arrays.fill(content, 0, size / 2, (byte) 'x');
        return content;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
