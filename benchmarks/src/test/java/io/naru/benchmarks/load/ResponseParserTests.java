package io.naru.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTests {
    private static final String SIZED = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nServer: x\r\n\r\n3\r\nhel\r\nA;x=y\r\nlo, world!\r\n0\r\n\r\n";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ResponseParser parser = new ResponseParser((array, from, to) -> body.write(array, from, to - from));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void answersAreReadFromPiecesOfAnySize(int size) {
        int complete = 0;
        byte[] all = (SIZED + CHUNKED + SIZED).getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < all.length; at += size) {
            ByteBuffer piece = ByteBuffer.wrap(all, at, Math.min(size, all.length - at));
            while (parser.feed(piece)) {
                complete++;
            }
        }
        assertThat(complete).isEqualTo(3);
        assertThat(body.toString(StandardCharsets.US_ASCII)).isEqualTo("hellohello, world!hello");
    }

    @Test
    void theStatusIsKnownWithTheHead() {
        assertThat(feed("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n")).isFalse();
        assertThat(parser.status()).isEqualTo(404);
        assertThat(parser.headComplete()).isTrue();
        assertThat(feed("no")).isTrue();
    }

    @Test
    void anAnswerWithoutABodyEndsWithItsHead() {
        assertThat(feed("HTTP/1.1 204 No Content\r\n\r\n")).isTrue();
    }

    @Test
    void anInterimAnswerIsPassedOver() {
        assertThat(feed("HTTP/1.1 100 Continue\r\n\r\n")).isFalse();
        assertThat(feed(SIZED)).isTrue();
        assertThat(parser.status()).isEqualTo(200);
    }

    @Test
    void whatIsNotHttpIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> feed("SSH-2.0-OpenSSH_9.6\r\n"))
                .withMessageContaining("SSH-2.0");
    }

    private boolean feed(String text) {
        return parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
