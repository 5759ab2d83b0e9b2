package io.naru.coordinator.quorum;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What we set in Ratis, and why where its own default would not do. */
final class RatisProperties {
    private static final int MEBI = 1 << 20;

    /** Nobody else can be elected in a quorum of one, so that it has nothing to wait for. */
    private static final Duration ALONE_MIN = Duration.ofMillis(20);

    private static final Duration ALONE_MAX = Duration.ofMillis(40);

    private RatisProperties() {}

    static RaftProperties of(QuorumSettings settings, Path files) {
        var properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(files.toFile()));
        elections(properties, settings);
        log(properties);
        snapshots(properties, settings);
        memory(properties);
        threads(properties);
        transport(properties, settings);
        return properties;
    }

    private static void elections(RaftProperties properties, QuorumSettings settings) {
        TimeDuration min = time(settings.isAlone() ? ALONE_MIN : settings.electionTimeoutMin());
        TimeDuration max = time(settings.isAlone() ? ALONE_MAX : settings.electionTimeoutMax());
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, max);
        // A read is as true as a write: a majority confirms the leader first, and no clock is trusted for it.
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
        // Ratis would close for good after a pause of a minute (a suspended machine, a stopped process).
        RaftServerConfigKeys.setCloseThreshold(properties, time(Duration.ofDays(3650)));
    }

    private static void log(RaftProperties properties) {
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(4L * MEBI));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(256L << 10));
    }

    private static void snapshots(RaftProperties properties, QuorumSettings settings) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        // Older snapshots are of use only with the entries behind them.
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(
                properties, (SNAPSHOTS_KEPT - 1) * settings.snapshotEntries());
    }

    private static final int SNAPSHOTS_KEPT = 3;

    private static void memory(RaftProperties properties) {
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(8L * MEBI));
        RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf(8L * MEBI));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(16L * MEBI));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(MEBI + 64L));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(MEBI));
        // Every entry is a request of its own and never sent twice; Ratis would remember each for a minute.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(Duration.ofSeconds(1)));
    }

    private static void threads(RaftProperties properties) {
        // One thread, first come first served: entries reach the log in the order they were handed in.
        RaftServerConfigKeys.ThreadPool.setClientCached(properties, false);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 1);
    }

    private static void transport(RaftProperties properties, QuorumSettings settings) {
        if (settings.isAlone()) {
            RaftConfigKeys.Rpc.setType(properties, new SoloTransport());
            return;
        }
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(16L * MEBI));
        GrpcConfigKeys.Server.setPort(properties, settings.self().port());
        GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
        GrpcConfigKeys.Server.setWorkerGroupSize(properties, 2);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
