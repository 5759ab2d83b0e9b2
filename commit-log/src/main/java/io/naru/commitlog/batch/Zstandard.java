package io.naru.commitlog.batch;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Compresses and decompresses whole record sections with zstd. A zstd context is native memory of a megabyte or so and
 * slow to make, and callers come and go on virtual threads; so a few are kept for whoever comes next. Thread-safe.
 */
final class Zstandard {
    private static final int LEVEL = 3;
    private static final int KEPT = Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final ArrayBlockingQueue<ZstdCompressCtx> COMPRESSORS = new ArrayBlockingQueue<>(KEPT);
    private static final ArrayBlockingQueue<ZstdDecompressCtx> DECOMPRESSORS = new ArrayBlockingQueue<>(KEPT);

    private Zstandard() {}

    /** Room that {@link #compress} may need for {@code length} bytes. */
    static int compressBound(int length) {
        return Math.toIntExact(Zstd.compressBound(length));
    }

    /** Compresses a range of {@code from} to {@code to} at {@code toOffset}; answers the compressed length. */
    static int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset) {
        ZstdCompressCtx context = COMPRESSORS.poll();
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(false);
        }
        int compressed = context.compressByteArray(to, toOffset, to.length - toOffset, from, fromOffset, length);
        if (!COMPRESSORS.offer(context)) {
            context.close();
        }
        return compressed;
    }

    /**
     * Decompresses a range of {@code from} into {@code into}, which is replaced by larger memory where needed, but
     * never by more than {@code maxLength} bytes.
     *
     * @throws CorruptBatchException if it is not zstd, or becomes larger than {@code maxLength}
     */
    static void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        // Streaming writers (Kafka's own among them) leave the size out; then it is found by trying.
        long claimed = Zstd.getFrameContentSize(from, fromOffset, length);
        if (claimed > maxLength) {
            throw tooLarge(maxLength);
        }
        long guess = claimed > 0 ? claimed : Math.max(4L * length, 1024);
        into.reserve((int) Math.min(guess, maxLength));
        ZstdDecompressCtx context = DECOMPRESSORS.poll();
        if (context == null) {
            context = new ZstdDecompressCtx();
        }
        try {
            while (!tryDecompress(context, from, fromOffset, length, into, maxLength)) {
                if (into.capacity() >= maxLength) {
                    throw tooLarge(maxLength);
                }
                into.reserve((int) Math.min(2L * into.capacity(), maxLength));
            }
        } finally {
            if (!DECOMPRESSORS.offer(context)) {
                context.close();
            }
        }
    }

    private static boolean tryDecompress(
            ZstdDecompressCtx context, byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        try {
            int room = Math.min(into.capacity(), maxLength);
            into.length(context.decompressByteArray(into.array(), 0, room, from, fromOffset, length));
            return true;
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return false;
            }
            throw new CorruptBatchException("The batch's zstd data is damaged: " + e.getMessage());
        }
    }

    private static CorruptBatchException tooLarge(int maxLength) {
        return new CorruptBatchException("The batch's records take more than " + maxLength
                + " bytes when decompressed, which is the limit here");
    }
}
