package io.naru.commitlog.batch;

/**
 * How the records of a batch are compressed, by the number in the low three bits of its attributes. All of them are
 * written and read, each in the framing that Kafka's clients use: see {@link CompressionFormat}.
 */
public enum Codec {
    NONE(0, 0, 0, 0),
    GZIP(1, 1, 9, -1),
    SNAPPY(2, 0, 0, 0),
    LZ4(3, 1, 17, 9),
    ZSTD(4, -131_072, 22, 3);

    /** Bits of the attributes that hold the codec's number. */
    static final int MASK = 0x07;

    private static final Codec[] BY_ID = values();

    private final int id;
    private final int leastLevel;
    private final int mostLevel;
    private final int defaultLevel;

    Codec(int id, int leastLevel, int mostLevel, int defaultLevel) {
        this.id = id;
        this.leastLevel = leastLevel;
        this.mostLevel = mostLevel;
        this.defaultLevel = defaultLevel;
    }

    /** The number in the attributes, 0 to 4. */
    public int id() {
        return id;
    }

    /**
     * The level where nobody asks for another, as in Kafka: -1 for gzip, which leaves it to zlib (6), 9 for lz4, 3
     * for zstd; 0 for those that have no levels.
     */
    public int defaultLevel() {
        return defaultLevel;
    }

    /** Whether it has this level: its default, or one within Kafka's bounds (gzip 1–9, lz4 1–17, zstd -131072–22). */
    public boolean hasLevel(int level) {
        return level == defaultLevel || (level >= leastLevel && level <= mostLevel);
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
