package io.naru.commitlog.snapshot;

import java.nio.ByteBuffer;

/**
 * A snapshot as it is to stand in its file.
 *
 * @param offset of the first record it tells nothing of
 */
public record EncodedSnapshot(long offset, ByteBuffer bytes) {
    /** Bytes of the file. */
    public int sizeInBytes() {
        return bytes.remaining();
    }
}
