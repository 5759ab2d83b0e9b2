package io.naru.broker.partition;

import io.naru.broker.metadata.ImageListener;
import io.naru.broker.runtime.Loop;
import io.naru.broker.runtime.ThreadLoop;
import io.naru.broker.runtime.Timers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicId;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicPartition;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.LogDirectory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the partitions of this broker in step with the image of the cluster: opens logs, takes and gives up
 * leadership, hands on configs, deletes what the cluster deleted. Confined to the thread that follows the metadata.
 *
 * <p>A log that cannot be opened takes only its own partition out. Logs of topics that were deleted while this broker
 * was away are removed by the first image, which is always newer than this broker's registration, so that an old image
 * cannot condemn a new topic.
 */
public final class PartitionHost implements ImageListener, AutoCloseable {
    private static final Logger LOG = System.getLogger(PartitionHost.class.getName());

    private final int brokerId;
    private final LogDirectories directories;
    private final Map<String, String> configDefaults;
    private final LocalPartitions partitions;
    private final List<ThreadLoop> loops;
    /** What partitions share, by the directory their logs lie in. */
    private final Map<LogDirectory, PartitionRuntime> runtimes;

    private volatile boolean stopping;
    private final ExecutorService blocking = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("partition-upkeep-", 0).factory());
    private final LogKeeper keeper;
    private final LogCleaner cleaner;

    /**
     * What a broker gives its partitions.
     *
     * @param loops threads that own partitions, at least 1
     * @param maxPendingBytes of appends that wait for the disk over all partitions
     * @param retentionCheck time between two looks for records to delete
     * @param cleaner how logs are compacted
     * @param configDefaults topic config → this broker's default, where it differs from Naru's
     */
    public record Settings(
            int brokerId,
            int loops,
            long maxPendingBytes,
            Duration retentionCheck,
            LogCleaner.Settings cleaner,
            Map<String, String> configDefaults) {

        /** With the default for compaction. */
        public Settings(
                int brokerId,
                int loops,
                long maxPendingBytes,
                Duration retentionCheck,
                Map<String, String> configDefaults) {
            this(brokerId, loops, maxPendingBytes, retentionCheck, LogCleaner.Settings.DEFAULT, configDefaults);
        }
    }

    /** With all logs in one directory. */
    public PartitionHost(
            Settings settings, LogDirectory directory, LocalPartitions partitions, Timers timers, InstantSource clock) {
        this(settings, LogDirectories.of(directory), partitions, timers, clock);
    }

    public PartitionHost(
            Settings settings,
            LogDirectories directories,
            LocalPartitions partitions,
            Timers timers,
            InstantSource clock) {
        this.brokerId = settings.brokerId();
        this.directories = directories;
        this.configDefaults = Map.copyOf(settings.configDefaults());
        this.partitions = partitions;
        this.loops = IntStream.range(0, settings.loops())
                .mapToObj(i -> new ThreadLoop("partitions-" + i))
                .toList();
        var budget = new ByteBudget(settings.maxPendingBytes());
        this.runtimes = directories.online().stream()
                .collect(Collectors.toMap(
                        directory -> directory,
                        directory -> new PartitionRuntime(directory.groupCommit(), budget, timers, clock, blocking)));
        this.keeper = new LogKeeper(partitions, settings.retentionCheck());
        this.cleaner = new LogCleaner(partitions, settings.cleaner());
    }

    /** What compacts the logs. */
    public LogCleaner cleaner() {
        return cleaner;
    }

    @Override
    public void apply(ClusterImage next) {
        ClusterImage before = partitions.image();
        if (next.version() < before.version()) {
            throw new IllegalArgumentException(
                    "An image at version %d after one at %d: acting on it would undo what is newer"
                            .formatted(next.version(), before.version()));
        }
        if (before.version() == 0 && !stopping) {
            recoverLogs();
        }
        dropDeleted(next);
        var changes = new ArrayList<CompletionStage<?>>();
        for (TopicImage topic : next.topics().values()) {
            TopicImage old = before.topic(topic.id());
            if (!topic.equals(old)) {
                follow(topic, old, before.version() > 0, changes);
            }
        }
        awaitAll(changes);
        if (before.version() == 0 && !stopping) {
            removeStrays(next);
        }
        partitions.publish(next);
    }

    /** All at once, before any is needed: one by one they would take as many times longer as there are cores. */
    private void recoverLogs() {
        directories.recoverAll(Runtime.getRuntime().availableProcessors());
    }

    /** Opens no more logs; recovery ends with those that are under way. Any thread. */
    public void stopOpening() {
        stopping = true;
        directories.endRecovery();
    }

    /** Ends all partitions; appends that still wait are told so. Their logs are closed with their directory. */
    @Override
    public void close() {
        partitions.close();
        keeper.close();
        cleaner.close();
        awaitAll(partitions.all().values().stream()
                .map(partition -> partition.close(stopping()))
                .toList());
        partitions.all().keySet().forEach(partitions::remove);
        loops.forEach(ThreadLoop::close);
        blocking.close();
    }

    /**
     * Acts on a topic.
     *
     * @param old as it was acted on last; null if it was not
     * @param running whether this broker has acted on an image before, so that it knows what is new
     */
    private void follow(TopicImage topic, @Nullable TopicImage old, boolean running, List<CompletionStage<?>> changes) {
        TopicSettings settings = TopicSettings.of(topic.configs(), configDefaults);
        boolean reconfigured = old != null && !old.configs().equals(topic.configs());
        for (PartitionImage wanted : topic.partitions()) {
            var key = new TopicPartition(topic.id(), wanted.partition());
            if (!wanted.replicas().contains(brokerId)) {
                continue;
            }
            LocalPartition held = partitions.get(key);
            if (held == null && stopping) {
                continue;
            }
            if (held == null) {
                held = open(topic, wanted, settings, running && !wasAssigned(old, wanted.partition()));
            } else if (reconfigured) {
                changes.add(held.reconfigure(settings));
            }
            if (held == null) {
                continue;
            }
            changes.add(wanted.leader() == brokerId ? held.lead(wanted.leaderEpoch()) : held.stopLeading());
        }
    }

    private boolean wasAssigned(@Nullable TopicImage topic, int partition) {
        PartitionImage known = topic == null ? null : topic.partition(partition);
        return known != null && known.replicas().contains(brokerId);
    }

    /** Opens a partition; only of a new one is it certain that no log of it lies in a directory that is missing. */
    private @Nullable LocalPartition open(
            TopicImage topic, PartitionImage wanted, TopicSettings settings, boolean isNew) {
        var key = new TopicPartition(topic.id(), wanted.partition());
        String name = logName(topic.name(), wanted.partition(), topic.id());
        try {
            LogDirectory home = directories.homeOf(name, isNew);
            var opened = new LocalPartition(
                    new PartitionName(topic.name(), topic.id(), wanted.partition()),
                    settings,
                    home.openLog(name, settings.log()),
                    loopOf(key),
                    runtimeIn(home));
            partitions.put(key, opened);
            return opened;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, () -> "The log of %s/%d cannot be opened".formatted(topic.name(), key.partition()), e);
            partitions.putFailure(key, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private PartitionRuntime runtimeIn(LogDirectory home) {
        return Objects.requireNonNull(runtimes.get(home), "a directory that is none of ours");
    }

    private void dropDeleted(ClusterImage next) {
        var dropped = new ArrayList<LocalPartition>();
        for (Map.Entry<TopicPartition, LocalPartition> entry : partitions.all().entrySet()) {
            if (next.partition(entry.getKey()) == null) {
                dropped.add(entry.getValue());
            }
        }
        awaitAll(dropped.stream()
                .map(partition -> partition.close(deleted(partition)))
                .toList());
        for (LocalPartition partition : dropped) {
            partitions.remove(new TopicPartition(partition.topicId(), partition.number()));
            delete(logName(partition.topic(), partition.number(), partition.topicId()));
        }
    }

    private void removeStrays(ClusterImage next) {
        var expected = new HashSet<String>();
        for (TopicImage topic : next.topics().values()) {
            topic.partitions().forEach(p -> expected.add(logName(topic.name(), p.partition(), topic.id())));
        }
        for (String name : directories.logNames()) {
            if (!expected.contains(name)) {
                LOG.log(Level.INFO, "Removing the log {0}: its topic was deleted", name);
                delete(name);
            }
        }
    }

    private void delete(String logName) {
        try {
            directories.deleteLog(logName);
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "The log " + logName + " of a deleted topic could not be removed", e);
        }
    }

    private static NaruException stopping() {
        return new NaruException(
                ErrorCode.SHUTTING_DOWN, "The broker is stopping. Send again, here or to another broker.");
    }

    private static NaruException deleted(LocalPartition partition) {
        return new NaruException(ErrorCode.TOPIC_NOT_FOUND, "Topic '%s' was deleted.".formatted(partition.topic()));
    }

    /** The folder of a partition's log: for people the name, and the topic's id so that a namesake inherits nothing. */
    private static String logName(String topic, int partition, TopicId id) {
        return topic + "/" + partition + "-" + id;
    }

    private Loop loopOf(TopicPartition key) {
        return loops.get(Math.floorMod(key.hashCode(), loops.size()));
    }

    private static void awaitAll(List<? extends CompletionStage<?>> stages) {
        stages.forEach(stage -> stage.toCompletableFuture().join());
    }
}
