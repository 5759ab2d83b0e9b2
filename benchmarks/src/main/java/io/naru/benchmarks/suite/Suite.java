package io.naru.benchmarks.suite;

import io.naru.benchmarks.report.Measurements;
import java.io.IOException;

/**
 * Figures that are measured together. Servers it needs run from its making until its closing, and what is compared is
 * measured in turn within each repetition. For one thread.
 */
public interface Suite extends AutoCloseable {

    /**
     * Measures every figure once.
     *
     * @param repetition from 1
     * @throws IOException if a load or a server fails; what was measured before stays valid
     */
    void repeat(int repetition, Measurements measurements) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
