package io.naru.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTests {
    private static final Figure LIMIT = Figure.of("log", "file write", "GiB/s");
    private static final Figure APPEND =
            Figure.of("log", "append", "GiB/s").beside(LIMIT).withGoal(Goal.atLeast(1));
    private static final Figure START = Figure.of("startup", "start", "ms").withGoal(Goal.atMost(3300));

    private final Measurements measurements = new Measurements();

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        measure(APPEND, 3, 1, 2);
        assertThat(measurements.summary(APPEND)).get().satisfies(summary -> {
            assertThat(summary.median()).isEqualTo(2);
            assertThat(summary.least()).isEqualTo(1);
            assertThat(summary.most()).isEqualTo(3);
        });
        measure(APPEND, 10);
        assertThat(measurements.summary(APPEND))
                .get()
                .extracting(Summary::median)
                .isEqualTo(2.5);
    }

    @Test
    void theTableShowsBothMediansTheirRatioAndWhetherTheGoalIsMet() {
        measure(LIMIT, 1.6);
        measure(APPEND, 1.2, 1.4);
        measure(START, 4321);
        String table = TableFormat.format(report());
        assertThat(table).contains("commit abc123", "2 × Test CPU, 24.0 GiB");
        assertThat(table.lines())
                .anyMatch(line -> line.replaceAll(" +", " ")
                        .equals("append GiB/s 1.30 1.20 1.40 2 file write 1.60 0.81 ≥ 1.00 met"))
                .anyMatch(line -> line.replaceAll(" +", " ").equals("start ms 4,321 4,321 4,321 1 ≤ 3,300 MISSED"))
                .anyMatch(line -> line.startsWith("[startup]"));
    }

    @Test
    void aGoalCanBeAShareOfWhatStandsBeside() {
        measure(LIMIT, 2);
        Figure half = Figure.of("log", "half", "GiB/s").beside(LIMIT).withGoal(Goal.atLeastOfOther(0.5));
        Figure less = Figure.of("log", "less", "GiB/s").beside(LIMIT).withGoal(Goal.atLeastOfOther(0.5));
        measure(half, 1);
        measure(less, 0.9);
        assertThat(TableFormat.format(report()).lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("half ") && line.endsWith("0.50 ratio ≥ 0.500 met"))
                .anyMatch(line -> line.startsWith("less ") && line.endsWith("0.45 ratio ≥ 0.500 MISSED"));
        JsonNode json = JsonMapper.shared().readTree(JsonFormat.format(report()));
        assertThat(json.at("/figures/1/goal/of").asString()).isEqualTo("ratio");
        assertThat(json.at("/figures/1/goal/met").asBoolean()).isTrue();
        assertThat(json.at("/figures/2/goal/met").asBoolean()).isFalse();
    }

    @Test
    void figuresOfOneGroupStandUnderItsName() {
        Figure bare = Figure.of("http", "JSON", "bare HTTP", "records/s");
        measure(bare, 2000);
        measure(Figure.of("http", "JSON", "throughput", "records/s").beside(bare), 500);
        assertThat(TableFormat.format(report()).lines().map(line -> line.replaceAll(" +", " ")))
                .containsSubsequence(
                        "JSON",
                        " bare HTTP records/s 2,000 2,000 2,000 1",
                        " throughput records/s 500 500 500 1 bare HTTP 2,000 0.25");
    }

    @Test
    void jsonHoldsEveryValueWithMachineAndCommit() {
        measure(LIMIT, 1.6);
        measure(APPEND, 1.2, 1.4);
        JsonNode json = JsonMapper.shared().readTree(JsonFormat.format(report()));
        assertThat(json.at("/commit").asString()).isEqualTo("abc123");
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(json.at("/figures/1/values").size()).isEqualTo(2);
        assertThat(json.at("/figures/1/beside/name").asString()).isEqualTo("file write");
        assertThat(json.at("/figures/1/goal/met").asBoolean()).isTrue();
    }

    @Test
    void whatIsNotANumberIsNoFigure() {
        assertThatIllegalArgumentException().isThrownBy(() -> measurements.add(APPEND, Double.NaN));
    }

    @Test
    void aFolderWithoutARepositoryHasNoCommit(@TempDir Path folder) {
        assertThat(Commit.of(folder)).isEqualTo("unknown");
    }

    private void measure(Figure figure, double... values) {
        for (double value : values) {
            measurements.add(figure, value);
        }
    }

    private Report report() {
        Machine machine = new Machine(2, "Test CPU", 24L << 30, "Linux 6 amd64", "25");
        return new Report(machine, "abc123", Instant.EPOCH, "log --reps 2", false, measurements);
    }
}
