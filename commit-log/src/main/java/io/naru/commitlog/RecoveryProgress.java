package io.naru.commitlog;

import java.util.Locale;

/**
 * How far a directory's logs have been recovered, at one moment.
 *
 * @param running whether recovery is under way; if not, it is over or has not begun
 * @param logs to be opened
 * @param logsDone of these
 * @param bytes to be read because nobody knows whether they are sound
 * @param bytesDone of these
 */
public record RecoveryProgress(boolean running, int logs, int logsDone, long bytes, long bytesDone) {
    static final RecoveryProgress NOT_BEGUN = new RecoveryProgress(false, 0, 0, 0, 0);

    /** For people, for instance {@code 120 of 1000 partitions, 3.1 of 10.0 GiB}. */
    @Override
    public String toString() {
        boolean large = bytes >= 1L << 30;
        double unit = large ? 1L << 30 : 1L << 20;
        return String.format(
                Locale.ROOT,
                "%d of %d partitions, %.1f of %.1f %s",
                logsDone,
                logs,
                bytesDone / unit,
                bytes / unit,
                large ? "GiB" : "MiB");
    }
}
