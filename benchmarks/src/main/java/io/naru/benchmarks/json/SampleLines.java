package io.naru.benchmarks.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Lines as a producer of events sends them: a short key, and for a value an object of numbers, strings, lists and
 * objects, some of the text beyond ASCII. Always the same ones.
 */
public enum SampleLines {
    /** Values of about 100 bytes. */
    SMALL(100, false),

    /** Values of about 1 KiB. */
    LARGE(1024, false),

    /** Values of about 1 KiB, each with field names that none before it had. */
    LARGE_NEW_NAMES(1024, true);

    private static final String PADDING = ",\"note\":\"";

    private final int valueBytes;
    private final boolean newNames;

    SampleLines(int valueBytes, boolean newNames) {
        this.valueBytes = valueBytes;
        this.newNames = newNames;
    }

    /**
     * Lines that came in one piece.
     *
     * @param ends the index of each line's line feed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(byte[] bytes, int[] ends) {}

    /** As many blocks of as many lines. */
    Block[] blocks(int count, int linesEach) {
        Random names = new Random(42);
        Random content = new Random(43);
        Block[] blocks = new Block[count];
        for (int i = 0; i < count; i++) {
            var bytes = new ByteArrayOutputStream();
            int[] ends = new int[linesEach];
            for (int line = 0; line < linesEach; line++) {
                bytes.writeBytes(
                        line(newNames ? names : new Random(42), content).getBytes(StandardCharsets.UTF_8));
                ends[line] = bytes.size();
                bytes.write('\n');
            }
            blocks[i] = new Block(bytes.toByteArray(), ends);
        }
        return blocks;
    }

    private String line(Random names, Random content) {
        StringBuilder value = new StringBuilder("{\"sensor\":").append(1000 + content.nextInt(9000));
        for (int i = 0; value.length() < valueBytes - 40; i++) {
            value.append(",\"")
                    .append("abcdefgh".charAt(i % 8))
                    .append(Integer.toHexString(0x10000 + names.nextInt(0xf0000)))
                    .append("\":")
                    .append(something(i, content));
        }
        value.append(PADDING);
        while (value.length() < valueBytes - 2) {
            value.append((char) ('a' + content.nextInt(26)));
        }
        return "{\"key\":\"sensor-" + (1000 + content.nextInt(9000)) + "\",\"value\":" + value.append("\"}}");
    }

    private static String something(int kind, Random content) {
        return switch (kind % 6) {
            case 0 -> Double.toString(content.nextInt(10_000) / 8.0);
            case 1 -> "\"2026-03-01T12:00:" + (10 + content.nextInt(50)) + "Z\"";
            case 2 -> Boolean.toString(content.nextBoolean());
            case 3 -> "\"Zürich, 서울\"";
            case 4 -> "[" + content.nextInt(100) + ",\"roof\",null]";
            default -> "{\"lat\":" + content.nextInt(90) + ".5,\"lon\":" + content.nextInt(180) + ".25}";
        };
    }
}
