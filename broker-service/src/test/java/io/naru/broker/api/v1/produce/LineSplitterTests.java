package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.RequestBodies;
import io.naru.cluster.NaruException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

class LineSplitterTests {
    private static final int MAX_LINE = 16;

    /** However the network cuts a text, its lines and their numbers are the same, and no long line gets through. */
    @Property
    void linesDoNotDependOnHowTheyAreCut(@ForAll("texts") String text, @ForAll List<Integer> cuts) {
        assertThat(split(text, cuts)).as("%s %s", text.replace("\n", "|"), cuts).isEqualTo(expected(text));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'b', '\r')
                .ofMaxLength(24)
                .list()
                .ofMaxSize(8)
                .map(lines -> String.join("\n", lines));
    }

    @Test
    void noMemoryIsTakenBeyondTheShareOfAll() {
        var bodies = new RequestBodies(new HttpLimits(20_000, 10, 10, 20_000, Duration.ofSeconds(1)));
        var splitter = new LineSplitter(20_000, bodies.share());
        splitter.add(DefaultDataBufferFactory.sharedInstance.wrap(new byte[10_000]));

        assertThatThrownBy(() -> splitter.add(DefaultDataBufferFactory.sharedInstance.wrap(new byte[15_000])))
                .isInstanceOf(NaruException.class)
                .hasMessageContaining("http.max-bodies-bytes");
    }

    @Test
    void memoryOfALongLineIsGivenBack() {
        var bodies = new RequestBodies(new HttpLimits(4 << 20, 10, 10, 16 << 20, Duration.ofSeconds(1)));
        var splitter = new LineSplitter(4 << 20, bodies.share());
        byte[] line = new byte[3 << 20];
        line[line.length - 1] = '\n';
        splitter.add(DefaultDataBufferFactory.sharedInstance.wrap(line));
        assertThat(splitter.next()).isEqualTo(new LineSplitter.Piece.Lines(0, line.length, 1));
        assertThat(bodies.heldBytes()).isGreaterThanOrEqualTo(3 << 20);

        splitter.add(DefaultDataBufferFactory.sharedInstance.wrap(new byte[] {'a', '\n'}));

        assertThat(splitter.next()).isEqualTo(new LineSplitter.Piece.Lines(0, 2, 2));
        assertThat(bodies.heldBytes()).isLessThan(200 << 10);
    }

    private static List<String> expected(String text) {
        var expected = new ArrayList<String>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean unended = i == lines.length - 1;
            if (!unended || !lines[i].isEmpty()) {
                expected.add((i + 1) + ":" + (lines[i].length() > MAX_LINE ? "too long" : lines[i]));
            }
        }
        return expected;
    }

    private static List<String> split(String text, List<Integer> cuts) {
        var bodies = new RequestBodies(new HttpLimits(1 << 20, 10, 10, 1 << 20, Duration.ofSeconds(1)));
        var splitter = new LineSplitter(MAX_LINE, bodies.share());
        var found = new ArrayList<String>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int i = 0; from < bytes.length; i++) {
            int length = i < cuts.size() ? Math.floorMod(cuts.get(i), 12) : bytes.length;
            length = Math.min(length, bytes.length - from);
            byte[] chunk = Arrays.copyOfRange(bytes, from, from + length);
            splitter.add(DefaultDataBufferFactory.sharedInstance.wrap(chunk));
            from += length;
            for (var piece = splitter.next(); piece != null; piece = splitter.next()) {
                collect(splitter, piece, found);
            }
        }
        var last = splitter.end();
        if (last != null) {
            collect(splitter, last, found);
        }
        return found;
    }

    private static void collect(LineSplitter splitter, LineSplitter.Piece piece, List<String> found) {
        switch (piece) {
            case LineSplitter.Piece.TooLong(long line) -> found.add(line + ":too long");
            case LineSplitter.Piece.Lines lines -> {
                String text =
                        new String(splitter.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
                long number = lines.firstLine();
                for (String line :
                        (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
                    found.add(number++ + ":" + line);
                }
            }
        }
    }
}
