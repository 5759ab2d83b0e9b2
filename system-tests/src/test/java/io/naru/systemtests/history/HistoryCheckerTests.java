package io.naru.systemtests.history;

import static io.naru.systemtests.history.Violation.Kind.DUPLICATE;
import static io.naru.systemtests.history.Violation.Kind.HOLE;
import static io.naru.systemtests.history.Violation.Kind.INVENTED;
import static io.naru.systemtests.history.Violation.Kind.LOST;
import static io.naru.systemtests.history.Violation.Kind.MOVED;
import static io.naru.systemtests.history.Violation.Kind.REORDERED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One bad history of each kind, made by hand, and good ones that look suspicious. */
class HistoryCheckerTests {
    private static final Set<String> ATTEMPTED = Set.of("a/1", "a/2", "a/3", "b/1");
    private static final List<Acknowledged> ACKNOWLEDGED =
            List.of(new Acknowledged("a/1", 0, 0), new Acknowledged("a/3", 0, 1), new Acknowledged("b/1", 1, 0));

    private static List<Violation.Kind> judge(Seen... seen) {
        return HistoryChecker.check(ATTEMPTED, ACKNOWLEDGED, List.of(seen)).stream()
                .map(Violation::kind)
                .toList();
    }

    @Test
    void everythingInItsPlaceIsGood() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(1, 0, "b/1"), new Seen(0, 1, "a/3")))
                .isEmpty();
    }

    @Test
    void anUnacknowledgedWriteMayBeThere() {
        assertThat(HistoryChecker.check(
                        ATTEMPTED,
                        List.of(new Acknowledged("a/1", 0, 0)),
                        List.of(new Seen(0, 0, "a/1"), new Seen(0, 1, "a/2"))))
                .isEmpty();
    }

    @Test
    void anAcknowledgedWriteThatIsNotThereIsLost() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(1, 0, "b/1"))).containsExactly(LOST);
    }

    @Test
    void anAcknowledgedWriteUnderALaterOneIsLostToo() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(0, 1, "a/2"), new Seen(1, 0, "b/1")))
                .containsExactly(LOST);
    }

    @Test
    void oneValueAtTwoOffsetsIsADuplicate() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(0, 1, "a/3"), new Seen(0, 2, "a/3"), new Seen(1, 0, "b/1")))
                .containsExactly(DUPLICATE);
    }

    @Test
    void anUnacknowledgedValueAtTwoOffsetsIsADuplicateToo() {
        assertThat(HistoryChecker.check(ATTEMPTED, List.of(), List.of(new Seen(0, 0, "a/2"), new Seen(0, 1, "a/2"))))
                .extracting(Violation::kind)
                .containsExactly(DUPLICATE);
    }

    @Test
    void aRecordHandedOutTwiceIsADuplicateAndOutOfOrder() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(0, 1, "a/3"), new Seen(0, 1, "a/3"), new Seen(1, 0, "b/1")))
                .containsExactly(DUPLICATE, REORDERED);
    }

    @Test
    void valuesOfOneWriterTheOtherWayRoundAreReordered() {
        assertThat(HistoryChecker.check(ATTEMPTED, List.of(), List.of(new Seen(0, 0, "a/2"), new Seen(0, 1, "a/1"))))
                .extracting(Violation::kind)
                .containsExactly(REORDERED);
    }

    @Test
    void recordsHandedOutTheOtherWayRoundAreReordered() {
        assertThat(judge(new Seen(0, 1, "a/3"), new Seen(0, 0, "a/1"), new Seen(1, 0, "b/1")))
                .contains(REORDERED);
    }

    @Test
    void aValueElsewhereThanItsReceiptSaidHasMoved() {
        assertThat(judge(new Seen(0, 0, "a/1"), new Seen(0, 1, "a/2"), new Seen(0, 2, "a/3"), new Seen(1, 0, "b/1")))
                .containsExactly(MOVED);
    }

    @Test
    void anOffsetPassedOverIsAHole() {
        assertThat(HistoryChecker.check(ATTEMPTED, List.of(), List.of(new Seen(0, 0, "a/1"), new Seen(0, 2, "a/2"))))
                .extracting(Violation::kind)
                .containsExactly(HOLE);
    }

    @Test
    void aValueNobodyWroteIsInvented() {
        assertThat(HistoryChecker.check(ATTEMPTED, List.of(), List.of(new Seen(0, 0, "c/1"), new Seen(0, 1, "x"))))
                .extracting(Violation::kind)
                .containsExactly(INVENTED, INVENTED);
    }
}
