package io.naru.commitlog.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EpochHistoryTests {
    private static final EpochHistory HISTORY =
            EpochHistory.EMPTY.with(2, 100).with(5, 200).with(9, 300);

    @Test
    void theLastEpochEndsWhereTheLogDoes() {
        assertThat(HISTORY.endOf(9, 350)).isEqualTo(new EpochEnd(9, 350));
        assertThat(HISTORY.endOf(12, 350)).isEqualTo(new EpochEnd(9, 350));
    }

    @Test
    void anEpochEndsWhereTheNextBegins() {
        assertThat(HISTORY.endOf(2, 350)).isEqualTo(new EpochEnd(2, 200));
        assertThat(HISTORY.endOf(5, 350)).isEqualTo(new EpochEnd(5, 300));
    }

    @Test
    void anEpochThatLeftNoRecordsIsAnsweredWithTheLargestLowerOne() {
        assertThat(HISTORY.endOf(4, 350)).isEqualTo(new EpochEnd(2, 200));
        assertThat(HISTORY.endOf(8, 350)).isEqualTo(new EpochEnd(5, 300));
    }

    @Test
    void anEpochBeforeAllEndsWhereTheFirstBegins() {
        assertThat(HISTORY.endOf(1, 350)).isEqualTo(new EpochEnd(1, 100));
        assertThat(EpochHistory.EMPTY.endOf(3, 70)).isEqualTo(new EpochEnd(3, 70));
    }

    @Test
    void epochZeroIsAnEpoch() {
        EpochHistory history = EpochHistory.EMPTY.with(0, 0);
        assertThat(history.latest()).isZero();
        assertThat(history.endOf(0, 10)).isEqualTo(new EpochEnd(0, 10));
        assertThat(history.with(1, 10).endOf(0, 20)).isEqualTo(new EpochEnd(0, 10));
    }

    @Test
    void cuttingTheEndForgetsWhatBeginsThere() {
        assertThat(HISTORY.endingAt(301)).isEqualTo(HISTORY);
        assertThat(HISTORY.endingAt(300)).hasToString("2@100 5@200");
        assertThat(HISTORY.endingAt(150)).hasToString("2@100");
        assertThat(HISTORY.endingAt(100)).isEqualTo(EpochHistory.EMPTY);
    }

    @Test
    void movingTheStartKeepsTheEpochThatReachesOverIt() {
        assertThat(HISTORY.startingAt(50)).isEqualTo(HISTORY);
        assertThat(HISTORY.startingAt(150)).hasToString("2@150 5@200 9@300");
        assertThat(HISTORY.startingAt(200)).hasToString("5@200 9@300");
        assertThat(HISTORY.startingAt(1000)).hasToString("9@1000");
    }

    @Test
    void recordsOfAnEarlierEpochPutAnEndToWhatContradictsThem() {
        assertThat(HISTORY.with(5, 320)).hasToString("2@100 5@200");
        assertThat(HISTORY.with(7, 320)).hasToString("2@100 5@200 7@320");
        assertThat(HISTORY.with(10, 300)).hasToString("2@100 5@200 10@300");
        assertThat(HISTORY.with(-1, 320)).isEqualTo(HISTORY);
    }

    @Test
    void entriesThatDoNotRiseAreRefused() {
        ByteBuffer bytes = ByteBuffer.allocate(24);
        bytes.putInt(3).putLong(10).putInt(3).putLong(20).flip();
        assertThatThrownBy(() -> EpochHistory.readFrom(bytes, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void isWhatTheRecordsSay(@ForAll("logs") List<Integer> epochs, @ForAll @IntRange(max = 40) int start) {
        EpochHistory history = EpochHistory.EMPTY;
        for (int offset = 0; offset < epochs.size(); offset++) {
            history = history.with(epochs.get(offset), offset);
        }
        assertSays(history, epochs, 0);
        int from = Math.min(start, epochs.size());
        assertSays(history.startingAt(from), epochs, from);
        assertSays(history.endingAt(from), epochs.subList(0, from), 0);
        ByteBuffer bytes = ByteBuffer.allocate(history.count() * EpochHistory.ENTRY_BYTES);
        history.writeTo(bytes);
        assertThat(EpochHistory.readFrom(bytes.flip(), history.count())).isEqualTo(history);
    }

    private static void assertSays(EpochHistory history, List<Integer> epochs, int from) {
        for (int offset = from; offset < epochs.size(); offset++) {
            assertThat(history.at(offset)).isEqualTo(epochs.get(offset));
        }
        for (int asked = 0; asked < 30; asked++) {
            int epoch = -1;
            long end = from;
            for (int offset = from; offset < epochs.size() && epochs.get(offset) <= asked; offset++) {
                epoch = epochs.get(offset);
                end = offset + 1;
            }
            if (epoch >= 0) {
                assertThat(history.endOf(asked, epochs.size())).isEqualTo(new EpochEnd(epoch, end));
            } else if (from < epochs.size()) {
                assertThat(history.endOf(asked, epochs.size())).isEqualTo(new EpochEnd(asked, from));
            }
        }
    }

    @Provide
    Arbitrary<List<Integer>> logs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 3).list().ofMaxSize(40))
                .as((first, steps) -> {
                    List<Integer> epochs = new ArrayList<>();
                    int epoch = first;
                    for (int step : steps) {
                        epoch += Math.max(0, step - 1);
                        epochs.add(epoch);
                    }
                    return epochs;
                });
    }

    /** However fast leadership moves, asking step by step brings a replica's log in line with its leader's (KAFKA-6361). */
    @Property(tries = 2000)
    void replicasConvergeWhateverTheFailovers(@ForAll long seed) {
        Random random = new Random(seed);
        List<Replica> replicas = List.of(new Replica(), new Replica(), new Replica());
        int value = 0;
        for (int epoch = 0; epoch < 12; epoch++) {
            Replica leader = replicas.get(random.nextInt(3));
            for (Replica follower : replicas) {
                if (follower != leader && random.nextInt(3) > 0) {
                    follower.follow(leader, random.nextInt(6));
                    assertThat(follower.values).isEqualTo(leader.values.subList(0, follower.values.size()));
                }
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                leader.append(epoch, value++);
            }
            Replica late = replicas.get(random.nextInt(3));
            if (late != leader) {
                late.follow(leader, random.nextInt(3));
            }
        }
        for (Replica follower : replicas.subList(1, 3)) {
            follower.follow(replicas.getFirst(), Integer.MAX_VALUE);
            assertThat(follower.values).isEqualTo(replicas.getFirst().values);
            assertThat(follower.history).isEqualTo(replicas.getFirst().history);
        }
    }

    private static final class Replica {
        private final List<Integer> epochs = new ArrayList<>();
        private final List<Integer> values = new ArrayList<>();
        private EpochHistory history = EpochHistory.EMPTY;

        void append(int epoch, int value) {
            history = history.with(epoch, values.size());
            epochs.add(epoch);
            values.add(value);
        }

        void follow(Replica leader, int records) {
            while (history.count() > 0) {
                EpochEnd theirs = leader.history.endOf(history.latest(), leader.values.size());
                EpochEnd ours = history.endOf(theirs.epoch(), values.size());
                truncate((int) Math.min(theirs.endOffset(), ours.endOffset()));
                if (ours.epoch() == theirs.epoch()) {
                    break;
                }
            }
            for (int i = values.size(); i < leader.values.size() && i - values.size() < records; i++) {
                append(leader.epochs.get(i), leader.values.get(i));
            }
        }

        private void truncate(int end) {
            history = history.endingAt(end);
            epochs.subList(end, epochs.size()).clear();
            values.subList(end, values.size()).clear();
        }
    }
}
