package io.naru.commitlog.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyOffsetsTests {
    @Test
    void remembersTheLatestOffsetOfEachKey() {
        Random random = new Random(5);
        KeyOffsets offsets = new KeyOffsets(500, 1L << 40);
        Map<Long, Long> model = new HashMap<>();
        for (long offset = 1L << 40; model.size() < 450; offset++) {
            // Few upper bits, so that many meet in one place.
            long low = random.nextLong(8) << 61;
            long high = random.nextLong(200);
            assertThat(offsets.put(low, high, offset)).isTrue();
            model.put(low | high, offset);
        }
        assertThat(offsets.count()).isEqualTo(450);
        model.forEach((key, offset) ->
                assertThat(offsets.latest(key & (7L << 61), key & 0xFFFF)).isEqualTo(offset));
        assertThat(offsets.latest(1L << 60, 7)).isEqualTo(-1);
    }

    @Test
    void takesNoMoreKeysThanItHasRoomForButLaterOffsetsOfThose() {
        KeyOffsets offsets = new KeyOffsets(20, 0);
        for (int key = 0; key < 18; key++) {
            assertThat(offsets.put((long) key << 50, key, key)).isTrue();
        }
        assertThat(offsets.put(77, 77, 18)).isFalse();
        assertThat(offsets.put(0, 0, 19)).isTrue();
        assertThat(offsets.latest(0, 0)).isEqualTo(19);
        assertThat(offsets.latest(77, 77)).isEqualTo(-1);
    }

    @Test
    void offsetsTooFarApartDoNotFit() {
        KeyOffsets offsets = new KeyOffsets(20, 10);
        assertThat(offsets.put(1, 1, 10 + KeyOffsets.MAX_SPAN)).isFalse();
        assertThat(offsets.put(1, 1, 9 + KeyOffsets.MAX_SPAN)).isTrue();
        assertThat(offsets.latest(1, 1)).isEqualTo(9 + KeyOffsets.MAX_SPAN);
    }
}
