package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class Base64InPlaceTests {
    @Property
    void givesBackWhatWasEncoded(@ForAll byte[] bytes) {
        byte[] padded = Base64.getEncoder().encode(bytes);
        byte[] bare = Base64.getEncoder().withoutPadding().encode(bytes);

        assertThat(decode(padded)).isEqualTo(bytes);
        assertThat(decode(bare)).isEqualTo(bytes);
    }

    @Property
    void takesNothingThatJavaRefuses(
            @ForAll @StringLength(max = 12) @Chars({'A', 'Q', 'g', 'w', '/', '+', '=', '-', '_', ' ', 'é'})
                    String text) {
        byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] decoded = decode(latin1);

        if (decoded != null) {
            assertThat(decoded).isEqualTo(Base64.getDecoder().decode(latin1));
        }
    }

    private static byte[] decode(byte[] text) {
        byte[] around = new byte[text.length + 5];
        System.arraycopy(text, 0, around, 2, text.length);
        int length = Base64InPlace.decode(around, 2, text.length);
        return length < 0 ? null : Arrays.copyOfRange(around, 2, 2 + length);
    }
}
