package io.naru.broker.api.v1.produce;

import java.util.Arrays;

/** Decodes standard Base64 (RFC 4648, padding optional) where it lies; the result is never longer than the text. */
final class Base64InPlace {
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int i = 0; i < 26; i++) {
            DIGITS['A' + i] = (byte) i;
            DIGITS['a' + i] = (byte) (26 + i);
        }
        for (int i = 0; i < 10; i++) {
            DIGITS['0' + i] = (byte) (52 + i);
        }
        DIGITS['+'] = 62;
        DIGITS['/'] = 63;
    }

    private Base64InPlace() {}

    /** The number of bytes that now lie at {@code offset}, or -1 if the text there is no Base64. */
    static int decode(byte[] bytes, int offset, int length) {
        int digits = length;
        if (length % 4 == 0) {
            while (digits > 0 && digits > length - 2 && bytes[offset + digits - 1] == '=') {
                digits--;
            }
        }
        if (digits % 4 == 1) {
            return -1;
        }
        int write = offset;
        int bits = 0;
        int count = 0;
        for (int i = offset; i < offset + digits; i++) {
            byte digit = bytes[i] >= 0 ? DIGITS[bytes[i]] : -1;
            if (digit < 0) {
                return -1;
            }
            bits = (bits << 6) | digit;
            count += 6;
            if (count >= 8) {
                count -= 8;
                bytes[write++] = (byte) (bits >> count);
            }
        }
        // Bits that no byte needs must be zero, or two texts would mean the same bytes.
        return (bits & ((1 << count) - 1)) == 0 ? write - offset : -1;
    }
}
