package io.naru.commitlog.batch;

import java.io.IOException;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/**
 * Snappy in the framing of snappy-java's streams, which Kafka's Java clients write:
 *
 * <pre>
 * 0                       8         12             16         20
 * | 82 'S' 'N' 'A' 'P'    | version | readable by  | chunk's  | chunk: a snappy block | more chunks ...
 * | 'P' 'Y' 00            | i32 = 1 | i32 = 1      | length   | of up to 32 KiB       |
 * </pre>
 *
 * Big-endian. A header may come again between chunks, where streams were joined. A body without a header is one bare
 * snappy block, which librdkafka writes.
 *
 * <p>The library's native code checks its input, but not that what it writes has room: that is done here, by the length
 * that stands in front of each block and that the native code keeps to.
 */
final class XerialSnappy implements CompressionFormat {
    static final XerialSnappy FORMAT = new XerialSnappy();

    private static final byte[] HEADER = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
    private static final int MAGIC_BYTES = 8;
    private static final int LENGTH_BYTES = 4;
    private static final int CHUNK_BYTES = 32 * 1024;

    private XerialSnappy() {}

    @Override
    public int compressBound(int length) {
        long chunks = (length + CHUNK_BYTES - 1L) / CHUNK_BYTES;
        // Each chunk: its length field and snappy's MaxCompressedLength, 32 + n + n / 6.
        return Math.toIntExact(HEADER.length + chunks * (LENGTH_BYTES + 32) + length + length / 6);
    }

    @Override
    public int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset, int level) {
        if (to.length - toOffset < compressBound(length)) {
            throw new IllegalArgumentException("No room to compress " + length + " bytes");
        }
        System.arraycopy(HEADER, 0, to, toOffset, HEADER.length);
        int at = toOffset + HEADER.length;
        try {
            for (int done = 0; done < length; done += CHUNK_BYTES) {
                int chunk = Math.min(CHUNK_BYTES, length - done);
                int compressed = Snappy.compress(from, fromOffset + done, chunk, to, at + LENGTH_BYTES);
                BigEndian.putInt(to, at, compressed);
                at += LENGTH_BYTES + compressed;
            }
        } catch (IOException e) {
            throw new IllegalStateException("Snappy could not compress " + length + " bytes", e);
        }
        return at - toOffset;
    }

    @Override
    public void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        int most = into.length() + maxLength;
        int end = fromOffset + length;
        if (!isMagicAt(from, fromOffset, end)) {
            addBlock(from, fromOffset, length, into, most, maxLength);
            return;
        }
        int at = fromOffset;
        while (at < end) {
            if (isMagicAt(from, at, end)) {
                at = endOfHeader(from, at, end);
                continue;
            }
            int compressed = end - at < LENGTH_BYTES ? -1 : BigEndian.getInt(from, at);
            at += LENGTH_BYTES;
            if (compressed < 1 || compressed > end - at) {
                throw CompressionFormat.damaged(
                        Codec.SNAPPY, "a chunk says it has " + compressed + " bytes, and " + (end - at) + " follow");
            }
            addBlock(from, at, compressed, into, most, maxLength);
            at += compressed;
        }
    }

    private static boolean isMagicAt(byte[] from, int at, int end) {
        return end - at >= MAGIC_BYTES && Arrays.equals(from, at, at + MAGIC_BYTES, HEADER, 0, MAGIC_BYTES);
    }

    private static int endOfHeader(byte[] from, int start, int end) {
        if (end - start < HEADER.length || BigEndian.getInt(from, start + MAGIC_BYTES) < 1) {
            throw CompressionFormat.damaged(Codec.SNAPPY, "its header is cut short or names no version");
        }
        return start + HEADER.length;
    }

    private static void addBlock(byte[] from, int offset, int length, GrowableBytes into, int most, int maxLength) {
        try {
            int unpacked = Snappy.uncompressedLength(from, offset, length);
            // Lengths of 2 GiB and more come out negative.
            if (unpacked < 0 || unpacked > most - into.length()) {
                throw CompressionFormat.tooLarge(maxLength);
            }
            into.makeRoom(unpacked, most);
            Snappy.uncompress(from, offset, length, into.array(), into.length());
            into.length(into.length() + unpacked);
        } catch (IOException e) {
            throw CompressionFormat.damaged(Codec.SNAPPY, "a block is no snappy block (" + e.getMessage() + ")");
        }
    }
}
