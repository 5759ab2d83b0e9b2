package io.naru.commitlog;

import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Opens single logs of a directory, with all that follows from how its last use ended. Thread-safe. */
final class LogOpener {
    /** For finding out how much there is to read; no index is built meanwhile. */
    private static final int ANY_INDEX_INTERVAL_BYTES = 4096;

    private final LogFolders folders;
    private final FreeSpace space;
    private final boolean startedClean;
    private final boolean hostRestarted;
    private final RecoveryPoints noted;
    private final ProducerLimits producers;

    /**
     * What all logs of the directory have in common.
     *
     * @param startedClean whether the process that had the directory last closed it in order
     * @param hostRestarted whether the page cache was lost since bytes were last written
     * @param noted how far logs had been forced
     * @param producers how many of those who write it each log remembers, and for how long
     */
    LogOpener(
            LogFolders folders,
            FreeSpace space,
            boolean startedClean,
            boolean hostRestarted,
            RecoveryPoints noted,
            ProducerLimits producers) {
        this.folders = folders;
        this.space = space;
        this.startedClean = startedClean;
        this.hostRestarted = hostRestarted;
        this.noted = noted;
        this.producers = producers;
    }

    /**
     * Opens a log, which is made if it is missing.
     *
     * @param failedBefore whether this was tried before and went wrong, so that a clean end does not count
     * @param scanned is told of the bytes that are read, as they are found sound
     */
    CommitLog open(String name, LogConfig config, boolean failedBefore, LongAdder scanned) throws IOException {
        SegmentFolder folder = folders.folder(name);
        LogRecovery.Recovered recovered = new LogRecovery(
                        folder,
                        startedClean && !failedBefore,
                        hostRestarted,
                        noted.of(name),
                        config.indexIntervalBytes(),
                        scanned)
                .run();
        try {
            return new CommitLog(folder, name, config, producers, space, recovered);
        } catch (IOException | RuntimeException e) {
            for (Segment segment : recovered.segments()) {
                segment.close();
            }
            throw e;
        }
    }

    /** How much of a log will have to be read to open it. */
    long bytesToScan(String name) throws IOException {
        return startedClean
                ? 0
                : new LogRecovery(
                                folders.folder(name),
                                false,
                                hostRestarted,
                                noted.of(name),
                                ANY_INDEX_INTERVAL_BYTES,
                                new LongAdder())
                        .bytesToScan();
    }
}
