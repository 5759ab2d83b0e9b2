package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.SealedBatches.around;
import static io.naru.commitlog.batch.SealedBatches.compressed;
import static io.naru.commitlog.batch.SealedBatches.section;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.xerial.snappy.Snappy;

/** Bytes made to harm: each is refused by name, with memory in proportion to the limits and not to its claims. */
class HostileCompressionTests {
    private static final int MOST_BYTES = 4 << 20;
    private static final int BATCH_BYTES = 1 << 20;
    private static final byte[] ONE_RECORD = section("value, value, value, value, value".getBytes());

    private final BatchValidator validator = new BatchValidator(BATCH_BYTES, new DecodeLimits(MOST_BYTES, 1000));

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aBombIsRefusedBeforeItUnfolds(Codec codec) {
        byte[] bomb = compressed(codec, section(new byte[codec == Codec.SNAPPY ? 16 << 20 : 64 << 20]));
        assertThat(bomb).hasSizeLessThan(BATCH_BYTES);
        refuses(codec, bomb, "more than");
        validator.check(around(codec, compressed(codec, ONE_RECORD)));
    }

    /** Under the size that is allowed, but larger than so few bytes should become. */
    @ParameterizedTest
    @CsvSource({"GZIP, 100", "LZ4, 100", "SNAPPY, 10", "ZSTD, 100"})
    void aBombUnderTheSizeIsRefusedForItsRatio(Codec codec, int maxRatio) {
        ByteBuffer bomb = around(codec, compressed(codec, section(new byte[3 << 20])));
        assertThatThrownBy(() -> new BatchValidator(BATCH_BYTES, new DecodeLimits(MOST_BYTES, maxRatio)).check(bomb))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("more than");
        new BatchValidator(BATCH_BYTES, new DecodeLimits(MOST_BYTES, 100_000)).check(bomb);
    }

    /** Only one layer is ever taken off; what is inside has to be records. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aBombInABombIsNoRecord(Codec codec) {
        byte[] inner = compressed(codec, section(new byte[16 << 20]));
        refuses(codec, compressed(codec, inner), "");
        refuses(Codec.NONE, inner, "");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whatIsCutShortOrGoesOnIsRefused(Codec codec) {
        byte[] whole = compressed(codec, ONE_RECORD);
        validator.check(around(codec, whole));
        for (int length = 0; length < whole.length; length++) {
            refuses(codec, Arrays.copyOf(whole, length), "");
        }
        refuses(codec, Arrays.copyOf(whole, whole.length + 1), "");
        refuses(codec, Arrays.copyOf(whole, whole.length + 20), "");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void noiseIsRefused(Codec codec) {
        Random random = new Random(9);
        for (int size = 1; size < 300; size++) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            refuses(codec, noise, "");
        }
    }

    @Test
    void anEndlessZstdFrameIsRefused() {
        // No content size, then blocks of four bytes that each stand for 128 KiB of one byte.
        ByteBuffer frame =
                littleEndian(900_000).putInt(0xFD2FB528).put((byte) 0).put((byte) 0x58);
        while (frame.remaining() > 8) {
            putBlock(frame, 128 << 10, 1, false).put((byte) 'x');
        }
        int unended = frame.position();
        refuses(Codec.ZSTD, Arrays.copyOf(frame.array(), unended), "cut short");
        putBlock(frame, 1, 1, true).put((byte) 'x');
        refuses(Codec.ZSTD, Arrays.copyOf(frame.array(), frame.position()), "more than " + MOST_BYTES);
    }

    @Test
    void aZstdFrameThatClaimsMuchIsRefusedForTheClaim() {
        for (long claim : new long[] {MOST_BYTES + 1, 1L << 40, Long.MAX_VALUE, -3}) {
            ByteBuffer frame = littleEndian(100).putInt(0xFD2FB528).put((byte) 0xC0);
            frame.put((byte) 0x58).putLong(claim);
            putBlock(frame, 1, 1, true).put((byte) 'x');
            refuses(Codec.ZSTD, Arrays.copyOf(frame.array(), frame.position()), "");
        }
        // The claim is allowed, and not true.
        ByteBuffer frame = littleEndian(100).putInt(0xFD2FB528).put((byte) 0xC0);
        frame.put((byte) 0x58).putLong(1 << 20);
        putBlock(frame, 1, 1, true).put((byte) 'x');
        refuses(Codec.ZSTD, Arrays.copyOf(frame.array(), frame.position()), "ZSTD data is damaged");
    }

    @Test
    void aZstdFrameWithTheLargestWindowTakesNoWindow() {
        ByteBuffer frame = littleEndian(100).putInt(0xFD2FB528).put((byte) 0).put((byte) 0xFF);
        putBlock(frame, ONE_RECORD.length, 0, true).put(ONE_RECORD);
        byte[] body = Arrays.copyOf(frame.array(), frame.position());
        long before = allocated();
        try {
            validator.check(around(Codec.ZSTD, body));
        } catch (CorruptBatchException e) {
            assertThat(e).hasMessageContaining("ZSTD");
        }
        assertThat(allocated() - before).isLessThan(MOST_BYTES);
    }

    @Test
    void oldZstdFormatsAndDictionariesAreRefused() {
        for (int magic = 0xFD2FB522; magic < 0xFD2FB528; magic++) {
            refuses(Codec.ZSTD, littleEndian(40).putInt(magic).array(), "does not begin as a frame");
        }
        byte[] dictionary = Arrays.copyOf(ONE_RECORD, 64);
        try (ZstdCompressCtx context = new ZstdCompressCtx().loadDict(new ZstdDictCompress(dictionary, 3))) {
            refuses(Codec.ZSTD, Arrays.copyOf(context.compress(ONE_RECORD), 5), "");
        }
        refuses(
                Codec.ZSTD,
                joined(
                        Zstd.compress(ONE_RECORD),
                        littleEndian(8).putInt(0x184D2A50).putInt(-1).array()),
                "");
        refuses(Codec.ZSTD, littleEndian(8).putInt(0x184D2A50).putInt(1).array(), "skippable");
    }

    @Test
    void snappyLengthsThatLieAreRefused() throws IOException {
        byte[] block = Snappy.compress(ONE_RECORD);
        byte[] literal = Arrays.copyOfRange(block, 1, block.length);
        assertThat(block[0]).isEqualTo((byte) ONE_RECORD.length);
        refuses(Codec.SNAPPY, joined(varint(MOST_BYTES + 1), literal), "more than");
        refuses(Codec.SNAPPY, joined(varint(0x7FFF_FFFF), literal), "more than");
        refuses(Codec.SNAPPY, joined(varint(0xFFFF_FFFFL), literal), "more than");
        refuses(Codec.SNAPPY, joined(varint(0xF_FFFF_FFFFL), literal), "no snappy block");
        refuses(Codec.SNAPPY, joined(varint(BATCH_BYTES), literal), "no snappy block");
        refuses(Codec.SNAPPY, joined(varint(ONE_RECORD.length - 1), literal), "no snappy block");
        refuses(Codec.SNAPPY, joined(varint(ONE_RECORD.length + 1), literal), "no snappy block");
        refuses(Codec.SNAPPY, joined(varint(0), literal), "no snappy block");
    }

    @Test
    void xerialFramesThatLieAreRefused() {
        byte[] whole = compressed(Codec.SNAPPY, ONE_RECORD);
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, whole.length, whole.length - 21}) {
            refuses(Codec.SNAPPY, changed(whole, frame -> frame.putInt(16, length)), "");
        }
        refuses(Codec.SNAPPY, changed(whole, frame -> frame.putInt(8, 0)), "names no version");
        refuses(Codec.SNAPPY, changed(whole, frame -> frame.put(0, (byte) 0)), "");
        refuses(Codec.SNAPPY, Arrays.copyOf(whole, 16), "ends within a record");
        // Chunks of no content, each with a header of its own.
        byte[] empty = joined(Arrays.copyOf(whole, 16), new byte[] {0, 0, 0, 1, 0});
        refuses(Codec.SNAPPY, repeated(empty, 40_000), "ends within a record");
    }

    @Test
    void lz4FramesThatLieAreRefused() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var frame = new LZ4FrameOutputStream(
                out,
                BLOCKSIZE.SIZE_64KB,
                ONE_RECORD.length,
                Bits.BLOCK_INDEPENDENCE,
                Bits.BLOCK_CHECKSUM,
                Bits.CONTENT_CHECKSUM,
                Bits.CONTENT_SIZE)) {
            frame.write(ONE_RECORD);
        }
        byte[] whole = out.toByteArray();
        validator.check(around(Codec.LZ4, whole));

        refuses(Codec.LZ4, flipped(whole, 14), "header has another checksum");
        refuses(Codec.LZ4, flipped(whole, 6), "header has another checksum");
        refuses(Codec.LZ4, flipped(whole, whole.length - 1), "content has another checksum");
        refuses(Codec.LZ4, flipped(whole, whole.length - 9), "block has another checksum");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.putLong(6, 7)), "another length");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.putLong(6, Long.MAX_VALUE)), "another length");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.put(4, (byte) (frame.get(4) ^ 0x20))), "depend");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.put(4, (byte) (frame.get(4) ^ 0x01))), "dictionary");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.put(4, (byte) (frame.get(4) ^ 0x02))), "version");
        refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.put(4, (byte) (frame.get(4) ^ 0x80))), "version");
        for (int code : new int[] {0x00, 0x30, 0x41, 0xC0, 0xF0}) {
            refuses(Codec.LZ4, withDescriptor(whole, frame -> frame.put(5, (byte) code)), "block size");
        }
        for (int length : new int[] {0, 0x8000_0000, 65_537, 0x7FFF_FFFF, -1, 3}) {
            refuses(Codec.LZ4, changed(whole, frame -> frame.putInt(15, length)), "");
        }
        refuses(Codec.LZ4, joined(whole, whole), "follow its end");
        refuses(Codec.LZ4, flipped(whole, 0), "does not begin");
    }

    @Test
    void lz4BlocksAsLargeAsTheyMayBeTakeNoMoreThanTheirBytesCanFill() {
        // Says that blocks have up to 4 MiB; this one has a few bytes.
        byte[] body = withDescriptor(compressed(Codec.LZ4, ONE_RECORD), frame -> frame.put(5, (byte) 0x70));
        long before = allocated();
        validator.check(around(Codec.LZ4, body));
        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    @Test
    void gzipMembersThatLieAreRefused() {
        byte[] whole = compressed(Codec.GZIP, ONE_RECORD);
        refuses(Codec.GZIP, flipped(whole, 1), "does not begin");
        refuses(Codec.GZIP, flipped(whole, 2), "method");
        refuses(Codec.GZIP, changed(whole, member -> member.put(3, (byte) 0x20)), "flags");
        refuses(Codec.GZIP, flipped(whole, whole.length - 1), "checksum or length");
        refuses(Codec.GZIP, flipped(whole, whole.length - 5), "checksum or length");
        refuses(Codec.GZIP, joined(whole, new byte[30]), "does not begin");
        byte[] extra = joined(new byte[] {0x1F, (byte) 0x8B, 8, 4, 0, 0, 0, 0, 0, 0, -1, -1}, new byte[100]);
        refuses(Codec.GZIP, extra, "ends within");
        refuses(Codec.GZIP, repeated(compressed(Codec.GZIP, new byte[0]), 40_000), "ends within a record");
    }

    private void refuses(Codec codec, byte[] body, String why) {
        ByteBuffer batch = around(codec, body);
        long before = allocated();
        assertThatThrownBy(() -> validator.check(batch))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining(why);
        // Grown by doubling, all that was ever taken is about twice the limit.
        assertThat(allocated() - before).isLessThan(3L * MOST_BYTES);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static ByteBuffer littleEndian(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The header of a zstd block: whether it is the last, 0 for raw or 1 for repeated, and its size. */
    private static ByteBuffer putBlock(ByteBuffer frame, int size, int type, boolean last) {
        int header = size << 3 | type << 1 | (last ? 1 : 0);
        return frame.put((byte) header).put((byte) (header >> 8)).put((byte) (header >> 16));
    }

    private static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int at = 0;
        long rest = value;
        for (; rest > 127; rest >>>= 7) {
            bytes[at++] = (byte) (rest | 0x80);
        }
        bytes[at++] = (byte) rest;
        return Arrays.copyOf(bytes, at);
    }

    private static byte[] changed(byte[] bytes, Consumer<ByteBuffer> change) {
        byte[] copy = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(copy);
        boolean isLz4 = buffer.getInt(0) == 0x04224D18;
        change.accept(isLz4 ? buffer.order(ByteOrder.LITTLE_ENDIAN) : buffer);
        return copy;
    }

    /** Changes the descriptor of an LZ4 frame and makes its checksum right again. */
    private static byte[] withDescriptor(byte[] frame, Consumer<ByteBuffer> change) {
        boolean sized = (frame[4] & 0x08) != 0;
        byte[] copy = changed(frame, change);
        int length = sized ? 10 : 2;
        int hash = net.jpountz.xxhash.XXHashFactory.safeInstance().hash32().hash(copy, 4, length, 0);
        copy[4 + length] = (byte) (hash >> 8);
        return copy;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[at] ^= 0x10;
        return copy;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static byte[] repeated(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        while (all.hasRemaining()) {
            all.put(bytes);
        }
        return all.array();
    }
}
