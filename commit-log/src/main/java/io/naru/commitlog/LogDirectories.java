package io.naru.commitlog;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.PrivateThreads;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * Several data directories, each on a disk of its own, that hold the logs of one owner together. Each log lies in one of
 * them as a whole. A directory may be missing or fail by itself: its logs are away then, the others go on, and no log that
 * may lie there is made anew elsewhere. Thread-safe.
 */
public final class LogDirectories implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectories.class.getName());

    /** Checkpoints of other directories wait no longer for one that hangs. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final List<LogDirectory> online;
    /** Those in which a checkpoint is under way. */
    private final Set<LogDirectory> checkpointing = ConcurrentHashMap.newKeySet();

    private final Map<Path, String> offline;
    private final DirectoryGroup group;
    /** Where each log lies; more than one place where somebody has copied it. */
    private final ConcurrentMap<String, List<LogDirectory>> homes = new ConcurrentHashMap<>();

    private LogDirectories(List<LogDirectory> online, Map<Path, String> offline, DirectoryGroup group) {
        this.online = List.copyOf(online);
        this.offline = Map.copyOf(offline);
        this.group = group;
        for (LogDirectory directory : online) {
            for (String name : directory.namesAtOpening()) {
                homes.merge(name, List.of(directory), LogDirectories::joined);
            }
        }
    }

    /** One directory alone, which is closed with this, and whatever others it may have belonged with. */
    public static LogDirectories of(LogDirectory directory) {
        return new LogDirectories(List.of(directory), Map.of(), new DirectoryGroup(directory.directoryId(), Map.of()));
    }

    /**
     * Opens all directories that can be; what is wrong with the others, {@link #offline} tells.
     *
     * @param paths in no matter what order, at least one
     * @param minFreeBytes as for {@link LogDirectory#open(Disk, Path, long)}, for each
     * @throws LogDirectoryException if none can be opened, one is in use by another process, or they do not belong
     *     together
     */
    public static LogDirectories open(Disk disk, List<Path> paths, long minFreeBytes, ProducerLimits producers)
            throws IOException {
        List<LogDirectory> online = new ArrayList<>();
        Map<Path, String> offline = new LinkedHashMap<>();
        try {
            IOException first = null;
            for (Path path : paths) {
                Path absolute = path.toAbsolutePath().normalize();
                try {
                    online.add(LogDirectory.open(disk, absolute, minFreeBytes, producers));
                } catch (IOException e) {
                    if (paths.size() == 1 || isOurMistake(e)) {
                        throw e;
                    }
                    first = first == null ? e : first;
                    offline.put(absolute, String.valueOf(e.getMessage()));
                }
            }
            if (first != null && online.isEmpty()) {
                throw first;
            }
            DirectoryGroup remembered = DirectoryGroup.rememberedByAll(online);
            if (remembered != null) {
                refuseSubstitutes(remembered, online, offline);
            }
            offline.forEach((path, reason) -> LOG.log(
                    System.Logger.Level.ERROR,
                    "The data directory {0} is offline, and the others go on without it: {1}",
                    path,
                    reason));
            return new LogDirectories(online, offline, DirectoryGroup.of(remembered, online));
        } catch (IOException | RuntimeException e) {
            online.forEach(LogDirectories::closeQuietly);
            throw e;
        }
    }

    /**
     * Takes out directories that lie where another was and know nothing of it: most likely a disk is not mounted, and what
     * was written now would be out of sight once it is.
     */
    private static void refuseSubstitutes(
            DirectoryGroup remembered, List<LogDirectory> online, Map<Path, String> offline) throws IOException {
        for (LogDirectory directory : List.copyOf(online)) {
            if (!remembered.members().containsKey(directory.directoryId())
                    && remembered.members().containsValue(directory.path())) {
                online.remove(directory);
                directory.close();
                offline.put(
                        directory.path(),
                        "it is not the one that was here before. Mount the disk that is missing; or, to go on with an"
                                + " empty one, delete the line of " + directory.path() + " from " + DirectoryGroup.NAME
                                + " in the other directories, and restart");
            }
        }
    }

    /** What another disk would not mend. */
    private static boolean isOurMistake(IOException e) {
        return e instanceof LogDirectoryException refused
                && (refused.reason() == Reason.LOCKED || refused.reason() == Reason.NEWER_FORMAT);
    }

    /** The directories there are, in the order they were named. */
    public List<LogDirectory> online() {
        return online;
    }

    /** The directories that could not be opened, and why. */
    public Map<Path, String> offline() {
        return offline;
    }

    /**
     * Directories that belong to these and are not here: by id, where each was last. Another that lies there now does not
     * make up for it.
     */
    public Map<UUID, Path> missing() {
        Set<UUID> here = online.stream().map(LogDirectory::directoryId).collect(Collectors.toSet());
        return group.members().entrySet().stream()
                .filter(member -> !here.contains(member.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The same as long as any of the directories is; another where all have been emptied or replaced. */
    public UUID id() {
        return group.id();
    }

    /** Whether every process that had one of them last closed it in order. */
    public boolean startedClean() {
        return online.stream().allMatch(LogDirectory::startedClean);
    }

    /**
     * The directory that holds a log, or is to hold it.
     *
     * @param isNew whether it is certain that there was no such log before; if not, and a directory is missing, none is
     *     made
     * @throws LogDirectoryException if the log lies in two directories, or may lie in one that is missing
     */
    public LogDirectory homeOf(String name, boolean isNew) throws LogDirectoryException {
        while (true) {
            List<LogDirectory> known = homes.get(name);
            if (known == null) {
                requireThatItIsNowhereElse(name, isNew);
                LogDirectory chosen = forNewLog();
                if (homes.putIfAbsent(name, List.of(chosen)) == null) {
                    return chosen;
                }
            } else if (known.size() > 1) {
                throw new LogDirectoryException(
                        Reason.FOUND_TWICE,
                        "Log " + name + " lies in several data directories: "
                                + known.stream().map(d -> d.path().toString()).collect(Collectors.joining(", "))
                                + ". Nobody can tell which is the right one; move the folder logs/" + name
                                + " out of all but that and restart");
            } else {
                return known.getFirst();
            }
        }
    }

    private void requireThatItIsNowhereElse(String name, boolean isNew) throws LogDirectoryException {
        Map<UUID, Path> missing = missing();
        if (!isNew && !missing.isEmpty()) {
            throw new LogDirectoryException(
                    Reason.MISSING,
                    "Log " + name + " is in no data directory there is, and may lie in one that is missing: "
                            + missing.values().stream()
                                    .map(Path::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ". Bring that back; or, to give up what was in it, delete its line from "
                            + DirectoryGroup.NAME + " in the other directories, and restart");
        }
    }

    /** The one with the fewest logs, of equals the one with the most room; those that take no writes last. */
    private LogDirectory forNewLog() {
        Map<LogDirectory, Integer> counts = new LinkedHashMap<>();
        online.forEach(directory -> counts.put(directory, 0));
        homes.values().forEach(held -> held.forEach(directory -> counts.merge(directory, 1, Integer::sum)));
        return online.stream()
                .min(Comparator.comparing((LogDirectory directory) -> !directory.isFit())
                        .thenComparing(counts::get)
                        .thenComparingLong(
                                directory -> -directory.space().space().usableBytes()))
                .orElseThrow();
    }

    /** The names of all logs here, in order. */
    public List<String> logNames() {
        return List.copyOf(new TreeSet<>(homes.keySet()));
    }

    /** Deletes a log wherever it lies; does nothing if there is none. */
    public void deleteLog(String name) throws IOException {
        List<LogDirectory> held = homes.getOrDefault(name, List.of());
        for (LogDirectory directory : held) {
            directory.deleteLog(name);
        }
        homes.remove(name, held);
    }

    /** As {@link LogDirectory#recoverAll}, in all directories side by side, with so many threads together. */
    public void recoverAll(int threads) {
        int each = Math.max(1, threads / online.size());
        forEachSideBySide("recovered", directory -> directory.recoverAll(each));
    }

    /** As {@link LogDirectory#endRecovery}. */
    public void endRecovery() {
        online.forEach(LogDirectory::endRecovery);
    }

    /**
     * As {@link LogDirectory#checkpoint}, in all directories side by side; a failure is told of by its directory. One whose
     * disk hangs keeps the others waiting for a second at most, and is left out until it has answered.
     */
    public void checkpoint() {
        long untilNanos = System.nanoTime() + LONGEST_WAIT.toNanos();
        Map<LogDirectory, Thread> begun = new LinkedHashMap<>();
        for (LogDirectory directory : online) {
            if (checkpointing.add(directory)) {
                begun.put(directory, start("noted", directory, each -> {
                    try {
                        each.checkpoint();
                    } finally {
                        checkpointing.remove(each);
                    }
                }));
            }
        }
        begun.forEach((directory, thread) -> {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime())))) {
                    directory.hangs();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Closes all directories; a failure of one keeps no other from it. */
    @Override
    public void close() {
        forEachSideBySide("closed", LogDirectory::close);
    }

    private interface Action {
        void on(LogDirectory directory) throws IOException;
    }

    private void forEachSideBySide(String what, Action action) {
        List<Thread> threads =
                online.stream().map(directory -> start(what, directory, action)).toList();
        threads.forEach(PrivateThreads::join);
    }

    private static Thread start(String what, LogDirectory directory, Action action) {
        return Thread.ofVirtual().start(() -> {
            try {
                action.on(directory);
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "The logs in " + directory.path() + " could not be " + what, e);
            }
        });
    }

    private static List<LogDirectory> joined(List<LogDirectory> some, List<LogDirectory> more) {
        List<LogDirectory> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static void closeQuietly(LogDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The data directory " + directory.path() + " could not be closed", e);
        }
    }
}
