package io.naru.benchmarks.load;

import java.time.Duration;

/**
 * How long a load runs: first unmeasured, until both sides have compiled what they run, then measured.
 */
public record Window(Duration warmUp, Duration measured) {
    public Window {
        if (warmUp.isNegative() || !measured.isPositive()) {
            throw new IllegalArgumentException(
                    "a load is measured for a positive time after a warm-up of none or more");
        }
    }
}
