package io.naru.commitlog;

import java.nio.file.Path;
import java.util.List;

/**
 * What opening a log found and did.
 *
 * @param scannedBytes bytes of batches that were read and found sound, 0 if everything was known to be
 * @param flaw what was wrong with the first bytes that are not sound, empty if nothing was
 * @param cutBytes bytes taken out of the log
 * @param cutFiles where those bytes are kept; none if there was nothing to keep, or no room to keep a torn batch
 */
public record RecoveryReport(long scannedBytes, String flaw, long cutBytes, List<Path> cutFiles) {
    /** Nothing had to be looked at. */
    static final RecoveryReport CLEAN = new RecoveryReport(0, "", 0, List.of());

    public RecoveryReport {
        cutFiles = List.copyOf(cutFiles);
    }

    /** Whether something was wrong. */
    public boolean foundFlaw() {
        return !flaw.isEmpty();
    }
}
