package io.naru.commitlog.batch;

/**
 * How the records of a batch are compressed, by the number in the low three bits of its attributes. This build writes
 * and reads {@link #NONE} and {@link #ZSTD}; the others are recognised, so that they can be refused by name.
 */
public enum Codec {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    /** Bits of the attributes that hold the codec's number. */
    static final int MASK = 0x07;

    private static final Codec[] BY_ID = values();

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /** The number in the attributes, 0 to 4. */
    public int id() {
        return id;
    }

    /** Whether this build can compress and decompress with it. */
    public boolean isSupported() {
        return switch (this) {
            case NONE, ZSTD -> true;
            case GZIP, SNAPPY, LZ4 -> false;
        };
    }

    /**
     * The codec with this number.
     *
     * @throws CorruptBatchException if no codec has it
     */
    public static Codec of(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new CorruptBatchException("Unknown compression codec " + id
                    + "; codecs are 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd)");
        }
        return BY_ID[id];
    }
}
