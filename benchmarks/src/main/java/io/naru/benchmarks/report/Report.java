package io.naru.benchmarks.report;

import java.time.Instant;

/**
 * A finished run.
 *
 * @param commit what was measured, see {@link Commit}
 * @param command the arguments it was started with
 * @param quick whether the times were cut so short that the figures only show that everything runs
 */
public record Report(
        Machine machine, String commit, Instant started, String command, boolean quick, Measurements measurements) {}
