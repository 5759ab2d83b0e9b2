package io.naru.commitlog.batch;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * gzip as RFC 1952 has it, over the JDK's zlib. One member is written; several in a row are read, as Kafka's clients
 * do.
 *
 * <pre>
 * member:   1F 8B | 08 | flags | modified (u32) | extra | system | optional parts | deflated bytes
 *           | CRC-32 of the content (u32) | length of the content (u32)
 * </pre>
 *
 * Little-endian. Checksums and lengths are verified, the optional header checksum too.
 */
final class Gzip implements CompressionFormat {
    static final Gzip FORMAT = new Gzip();

    private static final byte[] HEADER = {0x1F, (byte) 0x8B, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
    private static final int TRAILER_BYTES = 8;
    private static final int HEADER_CRC = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int RESERVED = 0xE0;

    private static final ContextPool<Deflater> DEFLATERS =
            new ContextPool<>(() -> new Deflater(Deflater.DEFAULT_COMPRESSION, true), Deflater::end);
    private static final ContextPool<Inflater> INFLATERS = new ContextPool<>(() -> new Inflater(true), Inflater::end);

    private Gzip() {}

    @Override
    public int compressBound(int length) {
        // zlib's own bound for streams of any settings, see deflateBound in its deflate.c.
        long deflated = length + ((length + 7L) >> 3) + ((length + 63L) >> 6) + 5;
        return Math.toIntExact(HEADER.length + deflated + TRAILER_BYTES);
    }

    @Override
    public int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset, int level) {
        System.arraycopy(HEADER, 0, to, toOffset, HEADER.length);
        int at = toOffset + HEADER.length;
        int end = toOffset + compressBound(length) - TRAILER_BYTES;
        Deflater deflater = DEFLATERS.take();
        try {
            deflater.setLevel(level);
            deflater.setInput(from, fromOffset, length);
            deflater.finish();
            while (!deflater.finished()) {
                at += deflater.deflate(to, at, end - at);
                if (at == end && !deflater.finished()) {
                    throw new IllegalStateException("zlib needs more than its bound for " + length + " bytes");
                }
            }
        } finally {
            deflater.reset();
            DEFLATERS.give(deflater);
        }
        CRC32 crc = new CRC32();
        crc.update(from, fromOffset, length);
        LittleEndian.putInt(to, at, (int) crc.getValue());
        LittleEndian.putInt(to, at + 4, length);
        return at + TRAILER_BYTES - toOffset;
    }

    @Override
    public void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        int most = into.length() + maxLength;
        int end = fromOffset + length;
        into.makeRoom(GrowableBytes.firstGuess(length, maxLength), most);
        CRC32 crc = new CRC32();
        Inflater inflater = INFLATERS.take();
        try {
            for (int at = fromOffset; at < end; ) {
                int body = endOfHeader(from, at, end, crc);
                int start = into.length();
                inflater.setInput(from, body, end - body);
                inflate(inflater, into, most, maxLength);
                int trailer = end - inflater.getRemaining();
                checkTrailer(from, trailer, end, into, start, crc);
                at = trailer + TRAILER_BYTES;
                inflater.reset();
            }
        } catch (DataFormatException e) {
            throw CompressionFormat.damaged(Codec.GZIP, String.valueOf(e.getMessage()));
        } finally {
            inflater.reset();
            INFLATERS.give(inflater);
        }
    }

    private static void inflate(Inflater inflater, GrowableBytes into, int most, int maxLength)
            throws DataFormatException {
        byte[] beyond = {};
        while (true) {
            if (into.length() < most) {
                into.makeRoom(1, most);
                int room = Math.min(into.capacity(), most) - into.length();
                into.length(into.length() + inflater.inflate(into.array(), into.length(), room));
            } else {
                // Full: only the end of the stream may follow, which takes no room to find.
                beyond = beyond.length == 0 ? new byte[1] : beyond;
                if (inflater.inflate(beyond) > 0) {
                    throw CompressionFormat.tooLarge(maxLength);
                }
            }
            if (inflater.finished()) {
                return;
            }
            if (inflater.needsDictionary()) {
                throw CompressionFormat.damaged(Codec.GZIP, "it asks for a dictionary");
            }
            if (inflater.needsInput()) {
                throw cutShort();
            }
        }
    }

    private static int endOfHeader(byte[] from, int start, int end, CRC32 crc) {
        if (end - start < HEADER.length || from[start] != HEADER[0] || from[start + 1] != HEADER[1]) {
            throw CompressionFormat.damaged(Codec.GZIP, "a member does not begin as one");
        }
        if (from[start + 2] != Deflater.DEFLATED) {
            throw CompressionFormat.damaged(
                    Codec.GZIP, "a member uses method " + from[start + 2] + ", not deflate (8)");
        }
        int flags = from[start + 3];
        if ((flags & RESERVED) != 0) {
            throw CompressionFormat.damaged(Codec.GZIP, "a member has flags that mean nothing");
        }
        int at = start + HEADER.length;
        if ((flags & EXTRA) != 0) {
            int size = at + 2 <= end ? LittleEndian.getShort(from, at) : end;
            at += 2 + size;
        }
        if ((flags & NAME) != 0) {
            at = behindZero(from, at, end);
        }
        if ((flags & COMMENT) != 0) {
            at = behindZero(from, at, end);
        }
        if ((flags & HEADER_CRC) != 0) {
            if (at + 2 > end) {
                throw cutShort();
            }
            crc.reset();
            crc.update(from, start, at - start);
            if (LittleEndian.getShort(from, at) != (crc.getValue() & 0xFFFF)) {
                throw CompressionFormat.damaged(Codec.GZIP, "a member's header has another checksum than it says");
            }
            at += 2;
        }
        if (at > end) {
            throw cutShort();
        }
        return at;
    }

    private static int behindZero(byte[] from, int start, int end) {
        for (int at = start; at < end; at++) {
            if (from[at] == 0) {
                return at + 1;
            }
        }
        throw cutShort();
    }

    private static void checkTrailer(byte[] from, int at, int end, GrowableBytes content, int start, CRC32 crc) {
        if (end - at < TRAILER_BYTES) {
            throw cutShort();
        }
        int length = content.length() - start;
        crc.reset();
        crc.update(content.array(), start, length);
        if (LittleEndian.getInt(from, at) != (int) crc.getValue() || LittleEndian.getInt(from, at + 4) != length) {
            throw CompressionFormat.damaged(Codec.GZIP, "its content has another checksum or length than it says");
        }
    }

    private static CorruptBatchException cutShort() {
        return CompressionFormat.damaged(Codec.GZIP, "it ends within a member");
    }
}
