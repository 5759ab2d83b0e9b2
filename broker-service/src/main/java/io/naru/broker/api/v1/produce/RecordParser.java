package io.naru.broker.api.v1.produce;

import io.naru.broker.api.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON record, as they stand in JSON bodies and on NDJSON lines, into a {@link RecordSlot}. Reusable, not
 * thread-safe, allocates nothing for a good record.
 *
 * <p>A record that is JSON but says something impossible is read to its end all the same, so that what follows it can
 * be looked at too; the first thing wrong with it is told.
 */
public final class RecordParser {
    /** Latest timestamp, the end of the year 9999: beyond it clocks and formats disagree. */
    static final long LATEST_TIMESTAMP = 253_402_300_799_999L;

    private static final int SHOWN_NAME_BYTES = 64;

    private final JsonScanner scanner;
    private final HeaderParser headers;
    private final RecordSlot slot;
    private int seen;
    private int given;
    private @Nullable String problem;

    /** A parser that reads from {@code scanner}, wherever that stands, into {@code slot}. */
    public RecordParser(JsonScanner scanner, RecordSlot slot) {
        this.scanner = scanner;
        this.slot = slot;
        this.headers = new HeaderParser(scanner, slot.headers);
    }

    /**
     * Reads the value the scanner stands before.
     *
     * @return what is wrong with it, for the caller; null if it is a record, which the slot now holds
     * @throws io.naru.broker.api.json.JsonSyntaxException if it is no JSON
     */
    public @Nullable String read() {
        slot.clear();
        seen = 0;
        given = 0;
        problem = null;
        if (scanner.peek() != '{') {
            scanner.skipValue();
            return "A record is a JSON object, like {\"value\": 1}.";
        }
        scanner.expect('{');
        if (!scanner.accept('}')) {
            do {
                readField();
            } while (scanner.accept(','));
            scanner.expect('}');
        }
        requireOneValue();
        return problem;
    }

    private void readField() {
        scanner.readString();
        Field field = Field.named(scanner);
        if (field == null) {
            report("There is no field '" + shownString(scanner) + "'; a record has " + Field.ALL + ".");
            scanner.expect(':');
            scanner.skipValue();
            return;
        }
        scanner.expect(':');
        if ((seen & field.bit) != 0) {
            report("The field '" + field.text() + "' is given twice.");
            scanner.skipValue();
            return;
        }
        seen |= field.bit;
        given |= field.bit;
        switch (field) {
            case VALUE -> readValue();
            case VALUE_TEXT -> {
                if (readString(field)) {
                    slot.value(scanner.array(), scanner.stringOffset(), scanner.stringLength());
                }
            }
            case VALUE_BASE64 -> {
                int length = readBase64(field);
                slot.value(scanner.array(), scanner.stringOffset(), length);
            }
            case KEY -> {
                if (!skipNull(field) && readString(field)) {
                    slot.key(scanner.array(), scanner.stringOffset(), scanner.stringLength());
                }
            }
            case KEY_BASE64 -> {
                if (!skipNull(field)) {
                    int length = readBase64(field);
                    slot.key(scanner.array(), scanner.stringOffset(), length);
                }
            }
            case HEADERS -> report(headers.read());
            case PARTITION -> slot.partition = (int) readNumber(field, Integer.MAX_VALUE);
            case TIMESTAMP -> slot.timestamp = readNumber(field, LATEST_TIMESTAMP);
        }
    }

    private void readValue() {
        if (scanner.acceptNull()) {
            return;
        }
        int from = scanner.position();
        scanner.skipValue();
        slot.value(scanner.array(), from, scanner.position() - from);
    }

    private boolean readString(Field field) {
        if (scanner.peek() != '"') {
            scanner.skipValue();
            report("The field '" + field.text() + "' takes a string"
                    + (field == Field.KEY
                            ? "; other bytes go into key_base64."
                            : "; JSON of any kind goes into value."));
            return false;
        }
        scanner.readString();
        return true;
    }

    private int readBase64(Field field) {
        if (!readString(field)) {
            return RecordSlot.ABSENT;
        }
        int length = Base64InPlace.decode(scanner.array(), scanner.stringOffset(), scanner.stringLength());
        if (length < 0) {
            report("The field '" + field.text() + "' is no Base64 (RFC 4648, with + and /).");
        }
        return length;
    }

    private long readNumber(Field field, long most) {
        if (skipNull(field)) {
            return RecordSlot.ABSENT;
        }
        byte first = scanner.peek();
        if (first == '-' || (first >= '0' && first <= '9')) {
            try {
                long number = scanner.readLong();
                if (number >= 0 && number <= most) {
                    return number;
                }
            } catch (ArithmeticException _) {
                // Reported below, like numbers out of bounds.
            }
        } else {
            scanner.skipValue();
        }
        report("The field '" + field.text() + "' takes a whole number from 0 to " + most + ".");
        return RecordSlot.ABSENT;
    }

    /** Passes over a null; the field then counts as left out, though it may still stand there only once. */
    private boolean skipNull(Field field) {
        if (scanner.acceptNull()) {
            given &= ~field.bit;
            return true;
        }
        return false;
    }

    private void requireOneValue() {
        if (Integer.bitCount(given & Field.VALUES) != 1) {
            report("A record has exactly one of value, value_text and value_base64"
                    + ((given & Field.VALUES) == 0
                            ? "; this one has none. For a tombstone send \"value\": null."
                            : "."));
        }
        if ((given & Field.KEYS) == Field.KEYS) {
            report("A record has key or key_base64, not both.");
        }
    }

    private void report(@Nullable String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /** The string the scanner has just read, as an error may show it. */
    static String shownString(JsonScanner scanner) {
        int length = Math.min(scanner.stringLength(), SHOWN_NAME_BYTES);
        return new String(scanner.array(), scanner.stringOffset(), length, StandardCharsets.UTF_8)
                + (length < scanner.stringLength() ? "…" : "");
    }

    /** The fields a record can have. */
    private enum Field {
        KEY(0x01),
        KEY_BASE64(0x02),
        VALUE(0x04),
        VALUE_TEXT(0x08),
        VALUE_BASE64(0x10),
        HEADERS(0x20),
        PARTITION(0x40),
        TIMESTAMP(0x80);

        static final String ALL =
                "key or key_base64, one of value, value_text and value_base64, headers, partition and timestamp";
        static final int VALUES = VALUE.bit | VALUE_TEXT.bit | VALUE_BASE64.bit;
        static final int KEYS = KEY.bit | KEY_BASE64.bit;
        private static final Field[] FIELDS = values();

        final int bit;

        @SuppressWarnings("ImmutableEnumChecker") // never changed
        private final byte[] name = text().getBytes(StandardCharsets.US_ASCII);

        Field(int bit) {
            this.bit = bit;
        }

        /** The field that the string the scanner has just read names, or null. */
        static @Nullable Field named(JsonScanner scanner) {
            for (Field field : FIELDS) {
                if (field.name.length == scanner.stringLength() && scanner.stringIs(field.name)) {
                    return field;
                }
            }
            return null;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
