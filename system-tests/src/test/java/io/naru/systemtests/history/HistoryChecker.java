package io.naru.systemtests.history;

import static io.naru.systemtests.history.Violation.Kind.DUPLICATE;
import static io.naru.systemtests.history.Violation.Kind.HOLE;
import static io.naru.systemtests.history.Violation.Kind.INVENTED;
import static io.naru.systemtests.history.Violation.Kind.LOST;
import static io.naru.systemtests.history.Violation.Kind.MOVED;
import static io.naru.systemtests.history.Violation.Kind.REORDERED;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what was acknowledged with what one reader got, from the first offset on and in the order in which it got
 * it. A write without an acknowledgement may be there or not, but only once. Each writer sends its values in the order
 * of their numbers and to one partition, and never sends one again.
 */
public final class HistoryChecker {
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Seen> places = new HashMap<>();

    private HistoryChecker() {}

    /** Every broken promise; empty for a good history. */
    public static List<Violation> check(Set<String> attempted, Collection<Acknowledged> acknowledged, List<Seen> seen) {
        HistoryChecker checker = new HistoryChecker();
        checker.readOnce(seen);
        checker.inOrderWithoutHoles(seen);
        checker.inTheOrderOfItsWriter(seen);
        checker.nothingInvented(attempted, seen);
        checker.everythingAcknowledgedInItsPlace(acknowledged);
        return List.copyOf(checker.violations);
    }

    private void readOnce(List<Seen> seen) {
        for (Seen record : seen) {
            Seen earlier = places.putIfAbsent(record.value(), record);
            if (earlier != null) {
                report(DUPLICATE, earlier + " and again " + record);
            }
        }
    }

    private void inOrderWithoutHoles(List<Seen> seen) {
        Map<Integer, Long> next = new HashMap<>();
        for (Seen record : seen) {
            long expected = next.getOrDefault(record.partition(), 0L);
            if (record.offset() < expected) {
                report(REORDERED, record + " after offset " + (expected - 1));
            } else if (record.offset() > expected) {
                report(HOLE, record + " where offset " + expected + " was next");
            }
            next.put(record.partition(), Math.max(expected, record.offset() + 1));
        }
    }

    private void inTheOrderOfItsWriter(List<Seen> seen) {
        Map<String, Long> last = new HashMap<>();
        for (Seen record : seen) {
            Value value = Value.parse(record.value());
            Long before = last.put(value.writer(), value.number());
            if (before != null && before > value.number()) {
                report(REORDERED, record + " after that writer's number " + before);
            }
        }
    }

    private void nothingInvented(Set<String> attempted, List<Seen> seen) {
        seen.stream()
                .filter(record -> !attempted.contains(record.value()))
                .forEach(record -> report(INVENTED, record.toString()));
    }

    private void everythingAcknowledgedInItsPlace(Collection<Acknowledged> acknowledged) {
        for (Acknowledged write : acknowledged) {
            Seen place = places.get(write.value());
            if (place == null) {
                report(LOST, write.toString());
            } else if (place.partition() != write.partition() || place.offset() != write.offset()) {
                report(MOVED, write + " but " + place);
            }
        }
    }

    private void report(Violation.Kind kind, String evidence) {
        violations.add(new Violation(kind, evidence));
    }
}
