package io.naru.broker.api.v1.produce;

import io.naru.broker.api.json.JsonScanner;
import io.naru.commitlog.batch.RecordHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of a JSON record: {@code [{"name", "value" | "value_base64"}]}, which keeps order and repeated
 * names, or a plain object of strings, where a name given twice is refused: what it means differs from one JSON library
 * to the next (RFC 8259, section 4). A null value is a header without one. Reusable, not thread-safe.
 */
final class HeaderParser {
    private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUE_BASE64 = "value_base64".getBytes(StandardCharsets.US_ASCII);
    private static final String SHAPE =
            "Headers are a list of objects with name and one of value and value_base64, or a plain object of strings.";
    private static final int UNSET = -2;

    private final JsonScanner scanner;
    private final RecordHeaders headers;
    private final SeenNames seen = new SeenNames();

    private int nameOffset;
    private int nameLength;
    private int valueOffset;
    private int valueLength;

    HeaderParser(JsonScanner scanner, RecordHeaders headers) {
        this.scanner = scanner;
        this.headers = headers;
    }

    /** Reads the value the scanner stands before; answers what is wrong with it, or null. */
    @Nullable
    String read() {
        return switch (scanner.peek()) {
            case '[' -> readList();
            case '{' -> readObject();
            case 'n' -> {
                scanner.skipValue();
                yield null;
            }
            default -> {
                scanner.skipValue();
                yield SHAPE;
            }
        };
    }

    private @Nullable String readList() {
        String problem = null;
        scanner.expect('[');
        if (scanner.accept(']')) {
            return null;
        }
        do {
            String wrong = readItem();
            problem = problem == null ? wrong : problem;
        } while (scanner.accept(','));
        scanner.expect(']');
        return problem;
    }

    private @Nullable String readItem() {
        if (scanner.peek() != '{') {
            scanner.skipValue();
            return SHAPE;
        }
        nameLength = UNSET;
        valueLength = UNSET;
        boolean well = true;
        scanner.expect('{');
        if (!scanner.accept('}')) {
            do {
                well &= readItemField();
            } while (scanner.accept(','));
            scanner.expect('}');
        }
        if (!well || nameLength < 0 || valueLength == UNSET) {
            return SHAPE;
        }
        headers.add(scanner.array(), nameOffset, nameLength, scanner.array(), valueOffset, valueLength);
        return null;
    }

    private boolean readItemField() {
        scanner.readString();
        boolean isName = scanner.stringIs(NAME);
        boolean isBase64 = scanner.stringIs(VALUE_BASE64);
        boolean known = isName || isBase64 || scanner.stringIs(VALUE);
        scanner.expect(':');
        boolean first = isName ? nameLength == UNSET : valueLength == UNSET;
        if (!known || !first) {
            scanner.skipValue();
            return false;
        }
        if (!isName && scanner.acceptNull()) {
            valueLength = -1;
            return true;
        }
        if (scanner.peek() != '"') {
            scanner.skipValue();
            return false;
        }
        scanner.readString();
        if (isName) {
            nameOffset = scanner.stringOffset();
            nameLength = scanner.stringLength();
            return true;
        }
        valueOffset = scanner.stringOffset();
        valueLength = isBase64
                ? Base64InPlace.decode(scanner.array(), valueOffset, scanner.stringLength())
                : scanner.stringLength();
        return valueLength >= 0;
    }

    private @Nullable String readObject() {
        String problem = null;
        scanner.expect('{');
        if (scanner.accept('}')) {
            return null;
        }
        seen.clear();
        do {
            String wrong = readObjectField();
            problem = problem == null ? wrong : problem;
        } while (scanner.accept(','));
        scanner.expect('}');
        return problem;
    }

    private @Nullable String readObjectField() {
        scanner.readString();
        nameOffset = scanner.stringOffset();
        nameLength = scanner.stringLength();
        String problem = seen.add(scanner.array(), nameOffset, nameLength)
                ? null
                : "The header '" + RecordParser.shownString(scanner)
                        + "' is given twice in one object. To repeat a name, give headers as a list of objects with name and"
                        + " value.";
        scanner.expect(':');
        if (scanner.acceptNull()) {
            headers.add(scanner.array(), nameOffset, nameLength, null, 0, -1);
            return problem;
        }
        if (scanner.peek() != '"') {
            scanner.skipValue();
            return problem == null ? SHAPE : problem;
        }
        scanner.readString();
        headers.add(
                scanner.array(),
                nameOffset,
                nameLength,
                scanner.array(),
                scanner.stringOffset(),
                scanner.stringLength());
        return problem;
    }
}
