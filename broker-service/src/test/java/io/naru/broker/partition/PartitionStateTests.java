package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PartitionStateTests {
    /** What can happen to a partition: an append of some records, or a force that covers all but some of them. */
    sealed interface Step {
        record Append(int records) implements Step {}

        record Repeat(int which) implements Step {}

        record Force(int behind) implements Step {}

        record SwitchMode(boolean forced) implements Step {}
    }

    @Property
    void anAppendIsReleasedExactlyWhenTheHighWatermarkPassesIt(@ForAll("steps") List<Step> steps) {
        var state = new PartitionState(0, true);
        var waiting = new ArrayList<Recorder>();
        var all = new ArrayList<Recorder>();
        long end = 0;
        long watermarkBefore = 0;
        for (Step step : steps) {
            List<PartitionState.Waiting> released = switch (step) {
                case Step.Append append -> {
                    var appended = new Appended(end, end + append.records() - 1, -1);
                    end += append.records();
                    var atOnce = state.appended(appended);
                    if (appended.lastOffset() >= state.highWatermark()) {
                        var recorder = new Recorder(appended);
                        waiting.add(recorder);
                        all.add(recorder);
                        state.await(new PartitionState.Waiting(appended, recorder));
                    }
                    yield atOnce;
                }
                case Step.Repeat repeat -> {
                    if (!all.isEmpty()) {
                        Appended original = all.get(repeat.which() % all.size()).appended;
                        if (original.lastOffset() >= state.highWatermark()) {
                            var recorder = new Recorder(original);
                            all.add(recorder);
                            state.await(new PartitionState.Waiting(original, recorder));
                        }
                    }
                    yield List.<PartitionState.Waiting>of();
                }
                case Step.Force force -> state.forced(Math.max(0, end - force.behind()));
                case Step.SwitchMode mode -> state.forcedMode(mode.forced());
            };
            released.forEach(w -> w.completion().succeed(w.appended()));

            assertThat(state.highWatermark()).isBetween(watermarkBefore, end);
            watermarkBefore = state.highWatermark();
            for (Recorder recorder : all) {
                assertThat(recorder.acknowledged).isEqualTo(recorder.appended.lastOffset() < state.highWatermark());
            }
            assertThat(state.unforcedRecords()).isBetween(0L, end);
        }
        assertThat(state.abandon())
                .hasSize((int) all.stream().filter(r -> !r.acknowledged).count());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.<Step>oneOf(
                        Arbitraries.integers().between(1, 5).map(Step.Append::new),
                        Arbitraries.integers().between(0, 7).map(Step.Force::new),
                        Arbitraries.integers().between(0, 100).map(Step.Repeat::new),
                        Arbitraries.of(true, false).map(Step.SwitchMode::new))
                .list()
                .ofMaxSize(40);
    }

    @Example
    void recoveredRecordsAreReadableAtOnce() {
        assertThat(new PartitionState(42, true).highWatermark()).isEqualTo(42);
    }

    @Example
    void withoutForcedModeAnAppendIsReadableAtOnce() {
        var state = new PartitionState(0, false);
        state.appended(new Appended(0, 9, -1));
        assertThat(state.highWatermark()).isEqualTo(10);
        assertThat(state.hasUnforced()).isTrue();
        assertThat(state.unforcedRecords()).isEqualTo(10);
    }

    private static final class Recorder implements PartitionState.Waiting.Completion {
        private final Appended appended;
        private boolean acknowledged;

        Recorder(Appended appended) {
            this.appended = appended;
        }

        @Override
        public void succeed(Appended stored) {
            assertThat(acknowledged).isFalse();
            acknowledged = true;
        }

        @Override
        public void fail(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
