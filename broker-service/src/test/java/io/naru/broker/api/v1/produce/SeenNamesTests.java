package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SeenNamesTests {
    private final SeenNames seen = new SeenNames();

    /** Few different names, and lists longer than what is looked through one by one. */
    @Property
    void tellsWhatASetTells(@ForAll @Size(max = 60) List<@IntRange(max = 40) Integer> names) {
        String text = String.join("", names.stream().map(n -> "<" + n + ">").toList());
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Set<Integer> expected = new HashSet<>();
        seen.clear();
        int offset = 0;
        for (int name : names) {
            int length = Integer.toString(name).length() + 2;
            assertThat(seen.add(bytes, offset, length)).isEqualTo(expected.add(name));
            offset += length;
        }
    }

    @Property(tries = 10)
    void whatWasClearedIsForgotten(@ForAll @IntRange(min = 1, max = 40) int count) {
        byte[] bytes = "x".repeat(count).getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 2; round++) {
            seen.clear();
            for (int length = 0; length <= count; length++) {
                assertThat(seen.add(bytes, 0, length)).isTrue();
            }
        }
    }
}
