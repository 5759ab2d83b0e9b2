package io.naru.broker.api.v1.produce;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonBuffer;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a stream that came together: their records, appended together, and what was wrong with the others. Used by
 * one thread at a time.
 */
final class LineBlock {
    private final boolean possible;
    private final @Nullable BatchAssembler records;
    private final List<@Nullable Problem> problems = new ArrayList<>();
    private final int sizeInBytes;
    private final long startNanos = System.nanoTime();
    private long[] numbers = new long[8];
    private boolean settled;

    /**
     * A block without lines.
     *
     * @param possible false if even good lines cannot be stored
     * @param records where its records go; null when it has none
     * @param sizeInBytes of the lines, for the bound of what is in flight
     */
    LineBlock(boolean possible, @Nullable BatchAssembler records, int sizeInBytes) {
        this.possible = possible;
        this.records = records;
        this.sizeInBytes = sizeInBytes;
    }

    /** The next line is a record, and the assembler has it. */
    void addRecord(long line) {
        add(line, null);
    }

    /** The next line is refused. */
    void addProblem(long line, Problem problem) {
        add(line, problem);
    }

    private void add(long line, @Nullable Problem problem) {
        if (problems.size() == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[problems.size()] = line;
        problems.add(problem);
    }

    List<Batch> batches() {
        return records == null ? List.of() : records.batches();
    }

    /** Lines that were not blank. */
    int lines() {
        return problems.size();
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    long startNanos() {
        return startNanos;
    }

    void settle() {
        settled = true;
    }

    /** Whether the outcome of every line is known. */
    boolean isSettled() {
        return settled;
    }

    /** Whether something that was right could not be stored, once settled. */
    boolean hasFailedAppend() {
        return !possible || !Receipts.areAllStored(batches());
    }

    /** Writes a receipt or problem for each line; answers how many records are stored. */
    int writeTo(JsonBuffer json) {
        Receipts receipts = records == null ? null : new Receipts(records);
        int stored = 0;
        for (int i = 0; i < problems.size(); i++) {
            json.beginObject().field("line", numbers[i]);
            Problem problem = problems.get(i);
            if (problem != null) {
                problem.writeFieldsTo(json, true);
            } else if (Objects.requireNonNull(receipts).writeNext(json)) {
                stored++;
            }
            json.endObject().endLine();
        }
        return stored;
    }

    /** A block whose only line cannot be taken, and which ends the stream. */
    static LineBlock ofFailure(long line, NaruException why) {
        var block = new LineBlock(false, null, 0);
        block.addProblem(line, Problem.of(why));
        return block;
    }
}
