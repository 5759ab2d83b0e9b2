package io.naru.commitlog.batch;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * zstd frames (RFC 8878), one written, several in a row read. Skippable frames are skipped, the formats before version
 * 1 refused.
 *
 * <p>Frames are decompressed in one go, straight into the records' array: a streaming decoder would have to keep the
 * window that a frame asks for, up to 128 MiB of native memory.
 */
final class Zstandard implements CompressionFormat {
    static final Zstandard FORMAT = new Zstandard();

    /** A context used at a level above this may hold tens of megabytes and is not kept. */
    private static final int MOST_KEPT_LEVEL = 6;

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFF_FFF0;
    private static final int MAGIC_BYTES = 4;
    private static final int SKIPPABLE_HEADER_BYTES = 8;

    private static final ContextPool<ZstdCompressCtx> COMPRESSORS =
            new ContextPool<>(() -> new ZstdCompressCtx().setChecksum(false), ZstdCompressCtx::close);
    private static final ContextPool<ZstdDecompressCtx> DECOMPRESSORS =
            new ContextPool<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);

    private Zstandard() {}

    @Override
    public int compressBound(int length) {
        return Math.toIntExact(Zstd.compressBound(length));
    }

    @Override
    public int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset, int level) {
        ZstdCompressCtx context = COMPRESSORS.take();
        boolean keep = false;
        try {
            context.setLevel(level);
            int compressed = context.compressByteArray(to, toOffset, to.length - toOffset, from, fromOffset, length);
            keep = level <= MOST_KEPT_LEVEL;
            return compressed;
        } finally {
            if (keep) {
                COMPRESSORS.give(context);
            } else {
                COMPRESSORS.release(context);
            }
        }
    }

    @Override
    public void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        int most = into.length() + maxLength;
        int end = fromOffset + length;
        ZstdDecompressCtx context = DECOMPRESSORS.take();
        try {
            for (int at = fromOffset; at < end; ) {
                int magic = end - at < MAGIC_BYTES ? 0 : LittleEndian.getInt(from, at);
                if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
                    at = endOfSkippable(from, at, end);
                } else if (magic == MAGIC) {
                    int frame = frameLength(from, at, end);
                    addFrame(context, from, at, frame, into, most, maxLength);
                    at += frame;
                } else {
                    throw damaged("it does not begin as a frame");
                }
            }
        } finally {
            DECOMPRESSORS.give(context);
        }
    }

    private static int endOfSkippable(byte[] from, int start, int end) {
        int left = end - start - SKIPPABLE_HEADER_BYTES;
        // Sizes of 2 GiB and more come out negative.
        int size = left < 0 ? -1 : LittleEndian.getInt(from, start + MAGIC_BYTES);
        if (size < 0 || size > left) {
            throw damaged("it ends within a skippable frame");
        }
        return start + SKIPPABLE_HEADER_BYTES + size;
    }

    private static int frameLength(byte[] from, int at, int end) {
        try {
            return (int) Zstd.findFrameCompressedSize(from, at, end - at);
        } catch (ZstdException e) {
            throw damaged("a frame is cut short or none (" + e.getMessage() + ")");
        }
    }

    private static void addFrame(
            ZstdDecompressCtx context, byte[] from, int at, int frame, GrowableBytes into, int most, int maxLength) {
        // Streaming writers (Kafka's own among them) leave the size out, which is negative then; it is found by trying.
        long claimed = Zstd.getFrameContentSize(from, at, frame);
        if (claimed > most - into.length()) {
            throw CompressionFormat.tooLarge(maxLength);
        }
        into.makeRoom(claimed >= 0 ? (int) claimed : GrowableBytes.firstGuess(frame, most - into.length()), most);
        while (!tryAddFrame(context, from, at, frame, into, most)) {
            if (claimed >= 0) {
                throw damaged("a frame has more content than it says");
            }
            if (into.capacity() >= most) {
                throw CompressionFormat.tooLarge(maxLength);
            }
            into.makeRoom(into.capacity() - into.length() + 1, most);
        }
    }

    private static boolean tryAddFrame(
            ZstdDecompressCtx context, byte[] from, int at, int frame, GrowableBytes into, int most) {
        try {
            int room = Math.min(into.capacity(), most) - into.length();
            into.length(
                    into.length() + context.decompressByteArray(into.array(), into.length(), room, from, at, frame));
            return true;
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return false;
            }
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private static CorruptBatchException damaged(String flaw) {
        return CompressionFormat.damaged(Codec.ZSTD, flaw);
    }
}
