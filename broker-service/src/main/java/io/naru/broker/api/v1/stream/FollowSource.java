package io.naru.broker.api.v1.stream;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonBuffer;
import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.api.v1.read.PartitionScan;
import io.naru.broker.api.v1.read.ReadMetrics;
import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.stream.FollowedPartitions.Followed;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.cluster.TopicImage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the partitions of a topic: reads a slice of each in turn, writes its records as they are framed, and tells of
 * gaps, of new partitions' records, and of why it ends. Thread rules are those of {@link ChunkSource}. Nothing of it
 * survives a crash: the client's cursor does.
 */
final class FollowSource implements ChunkSource {
    private static final Logger LOG = System.getLogger(FollowSource.class.getName());

    /** Most bytes of a partition that are read before the next one's turn, unless one batch is larger. */
    private static final int SLICE_BYTES = 64 * 1024;

    /** Most bytes that are looked through for one chunk. */
    private static final int SCAN_BYTES = 1024 * 1024;

    private final Following following;
    private final Partitions broker;
    private final ClusterView cluster;
    private final StreamSettings settings;
    private final ReadMetrics metrics;
    private final Positions positions;
    private final FollowedPartitions followed;
    private final TopicId topicId;

    private Runnable wake = () -> {};
    private @Nullable Followed current;
    private boolean started;
    private boolean cameFurtherThanTold;
    private boolean wasThere;
    private int unsentRecords;
    private volatile @Nullable TopicImage seen;
    private volatile @Nullable NaruException ending;

    FollowSource(
            Following following, Partitions broker, ClusterView cluster, StreamSettings settings, ReadMetrics metrics) {
        this.following = following;
        this.broker = broker;
        this.cluster = cluster;
        this.settings = settings;
        this.metrics = metrics;
        this.positions = new Positions(following.start());
        this.followed = new FollowedPartitions(positions);
        this.topicId = following.partitions().getFirst().topicId();
        this.wasThere = cluster.image().topic(topicId) != null;
    }

    @Override
    public void open(Runnable news) {
        wake = news;
        for (Partition partition : following.partitions()) {
            followed.add(partition, wake);
        }
    }

    @Override
    public Next fill(Workbench bench, BooleanSupplier abandoned) {
        if (!started) {
            started = true;
            following.framing().start(bench.sink(), positions, settings.retry());
        }
        NaruException reason = ending;
        if (reason != null) {
            return end(bench.sink(), reason);
        }
        try {
            lookForNewPartitions();
            return follow(bench, abandoned);
        } catch (NaruException e) {
            return end(bench.sink(), topicIsGone() ? deleted() : e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> "A stream of topic '" + following.topic() + "' failed", e);
            return end(
                    bench.sink(),
                    new NaruException(
                            ErrorCode.INTERNAL,
                            "Something failed inside the broker that should not have. Its log says what."));
        }
    }

    private Next follow(Workbench bench, BooleanSupplier abandoned) {
        PartitionScan scan = bench.scan();
        int scanned = 0;
        while (bench.sink().size() < settings.maxChunkBytes() && !abandoned.getAsBoolean()) {
            Followed from = current;
            if (from == null) {
                if (scanned >= SCAN_BYTES) {
                    return Next.MORE;
                }
                from = followed.nextWithNews();
                if (from == null) {
                    return Next.WAIT;
                }
                int loaded = load(from, bench);
                scanned += loaded;
                current = loaded > 0 ? from : null;
            } else if (scan.next()) {
                take(from.number(), bench);
            } else {
                moveTo(from.number(), scan.position());
                current = null;
            }
        }
        return Next.MORE;
    }

    private int load(Followed from, Workbench bench) {
        long position = positions.get(from.number());
        bench.scan().open(from.partition, position);
        try {
            return bench.scan().load(SLICE_BYTES);
        } catch (NaruException e) {
            long start = from.partition.logStartOffset();
            if (e.code() != ErrorCode.OFFSET_BELOW_LOG_START || start <= position) {
                throw e;
            }
            if (following.onGap() == OnGap.FAIL) {
                throw Following.gap(from.partition, position);
            }
            positions.set(from.number(), start);
            cameFurtherThanTold = false;
            following.framing().gap(bench.sink(), new Gap(from.number(), position, start), positions);
            return 0;
        }
    }

    private void take(int partition, Workbench bench) {
        PartitionScan scan = bench.scan();
        if (!following.filter().matches(scan.current())) {
            moveTo(partition, scan.position());
            return;
        }
        long before = positions.get(partition);
        int size = bench.sink().size();
        positions.set(partition, scan.position());
        try {
            following.framing().beginRecord(bench.sink(), positions);
            bench.writer().write(following.topic(), partition, scan.current(), following.format());
            following.framing().endRecord(bench.sink());
        } catch (RuntimeException e) {
            // Half a record must not stand before the problem that tells of it, nor the writer go on in its middle.
            bench.spoil();
            bench.sink().truncate(size);
            positions.set(partition, before);
            throw e;
        }
        cameFurtherThanTold = false;
        unsentRecords++;
    }

    private void moveTo(int partition, long position) {
        if (positions.get(partition) != position) {
            positions.set(partition, position);
            cameFurtherThanTold = true;
        }
    }

    private void lookForNewPartitions() {
        TopicImage now = cluster.image().topic(following.topic());
        if (now != null && now.equals(seen)) {
            return;
        }
        if (topicIsGone()) {
            throw deleted();
        }
        if (now == null) {
            return;
        }
        seen = now;
        wasThere = true;
        for (int number = 0; number < now.partitions().size(); number++) {
            if (following.selection().includes(number) && !followed.contains(number)) {
                Following.requireFollowable(following.topic(), followed.size() + 1);
                add(number);
            }
        }
    }

    /** Follows a partition that was created while the stream ran, from its first record. */
    private void add(int number) {
        try {
            Partition partition = broker.partition(following.topic(), number);
            positions.set(number, partition.logStartOffset());
            followed.add(partition, wake);
            cameFurtherThanTold = true;
        } catch (NaruException e) {
            if (!e.code().retriable()) {
                throw e;
            }
            // It has no leader yet. Whatever comes next, its leader or a heartbeat, makes this look again.
            seen = null;
        }
    }

    /** The partitions of a topic just created can be found a moment before the image shows it; that is not gone. */
    private boolean topicIsGone() {
        TopicImage now = cluster.image().topic(following.topic());
        return now == null ? wasThere : !now.id().equals(topicId);
    }

    private NaruException deleted() {
        return new NaruException(
                ErrorCode.TOPIC_NOT_FOUND,
                "Topic '%s' was deleted while it was followed.".formatted(following.topic()));
    }

    private Next end(ByteSink sink, NaruException reason) {
        var json = new JsonBuffer(512);
        Problem.of(reason).writeTo(json, false);
        following.framing().problem(sink, json.toBytes(), settings.retry());
        return Next.END;
    }

    @Override
    public void sent(int bytes) {
        metrics.sent(following.topic(), unsentRecords, bytes);
        unsentRecords = 0;
    }

    @Override
    public void heartbeat(Workbench bench) {
        if (cameFurtherThanTold) {
            cameFurtherThanTold = false;
            following.framing().progress(bench.sink(), positions);
        } else {
            following.framing().heartbeat(bench.sink());
        }
    }

    @Override
    public void letGoOfBench() {
        current = null;
    }

    @Override
    public void endWith(NaruException reason) {
        ending = reason;
    }

    @Override
    public boolean isAffectedBy(ClusterImage image) {
        return !Objects.equals(image.topic(following.topic()), seen);
    }

    @Override
    public void close() {
        current = null;
        followed.close();
    }
}
