package io.naru.standalone.cli;

import java.util.Locale;

/** Durations as people read them. */
final class Seconds {
    private Seconds() {}

    /** The time since {@code began}, a {@link System#nanoTime}, as "1.4 s". */
    static String since(long began) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / 1e9);
    }
}
