package io.naru.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequencedRecordTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1000})
    void numbersPatchedInAreFoundAgainInPiecesOfAnySize(int size) {
        RequestSource source = SequencedRecord.source(SequencedRecord.body(100), 2);
        List<Long> found = new ArrayList<>();
        SequencedRecord.Scanner scanner = new SequencedRecord.Scanner(found::add);
        for (long number : new long[] {0, 7, 123_456_789_012L}) {
            ByteBuffer request = source.request(number, (int) (number % 2));
            // A quote before the mark is how a wrong match could begin.
            scanner.bytes(new byte[] {'"', '"', 's'}, 0, 3);
            for (int at = 0; at < request.limit(); at += size) {
                scanner.bytes(request.array(), at, Math.min(request.limit(), at + size));
            }
        }
        assertThat(found).containsExactly(0L, 7L, 123_456_789_012L);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100, 1024})
    void theValueHasTheWantedSize(int bytes) {
        int around = "{\"records\":[{\"value\":}]}".length();
        assertThat(SequencedRecord.body(bytes)).hasSize(bytes + around);
    }
}
