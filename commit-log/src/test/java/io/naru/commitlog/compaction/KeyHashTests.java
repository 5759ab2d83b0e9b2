package io.naru.commitlog.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTests {
    /** As OpenSSL 3 computes them: {@code openssl mac -macopt hexkey:000102...0f -macopt size:16 SIPHASH}. */
    @ParameterizedTest
    @CsvSource({
        "0, A3817F04BA25A8E66DF67214C7550293",
        "1, DA87C1D86B99AF44347659119B22FC45",
        "7, A1F1EBBED8DBC153C0B84AA61FF08239",
        "8, 3B62A9BA6258F5610F83E264F31497B4",
        "15, 5493E99933B0A8117E08EC0F97CFC3D9",
        "16, 6EE2A4CA67B054BBFD3315BF85230577",
        "63, 5150D1772F50834A503E069A973FBD7C"
    })
    void isSipHashWith128Bits(int length, String expected) {
        KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] bytes = new byte[length + 5];
        for (int i = 0; i < length; i++) {
            bytes[i + 3] = (byte) i;
        }
        hash.hash(bytes, 3, length);
        ByteBuffer result = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        result.putLong(hash.low()).putLong(hash.high());
        assertThat(HexFormat.of().withUpperCase().formatHex(result.array())).isEqualTo(expected);
    }

    @Test
    void twoHashesWithSecretKeysDiffer() {
        KeyHash one = KeyHash.withSecretKey();
        KeyHash other = KeyHash.withSecretKey();
        one.hash(new byte[] {1}, 0, 1);
        other.hash(new byte[] {1}, 0, 1);
        assertThat(one.low()).isNotEqualTo(other.low());
    }
}
