package io.naru.coordinator.quorum;

import io.naru.cluster.protocol.QuorumView;
import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.Basis;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.decider.MetadataQuorum;
import io.naru.coordinator.decider.QuorumListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * The metadata quorum on Ratis: one voter, this one, of a Raft group of one, three or five. Thread-safe. What was
 * acknowledged survives a crash of any minority of voters, for it was forced to a majority's disks first.
 *
 * <p>This class starts and ends the voter and tells how it is; {@link QuorumCalls} talks to Ratis, {@link
 * QuorumStorage} judges its files, {@link MetadataStateMachine} applies what was agreed on.
 */
public final class RatisQuorum implements MetadataQuorum, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RatisQuorum.class.getName());

    private final QuorumSettings settings;
    private final MetadataStateMachine stateMachine;
    private final RatisThreads threads = new RatisThreads();
    private final SnapshotTimer snapshots = new SnapshotTimer(this::snapshot);
    private volatile @Nullable CoordinatorDirectory directory;
    private volatile @Nullable RaftServer server;
    private volatile @Nullable QuorumCalls calls;

    /** @param listener told of all that happens, already while the quorum starts */
    public RatisQuorum(QuorumSettings settings, QuorumListener listener) {
        this.settings = settings;
        this.stateMachine = new MetadataStateMachine(listener);
    }

    /**
     * Takes the data directory and joins the quorum; returns once the local log is open, before there need be a leader.
     * To be called once.
     *
     * @throws DirectoryException if the directory cannot be used
     * @throws UnreadableMetadataException if what is in it cannot be read
     * @throws QuorumStartException if Ratis cannot start, for instance because its port is taken
     */
    public void start() {
        CoordinatorDirectory opened = CoordinatorDirectory.open(settings.directory(), settings.id());
        @Nullable RaftServer built = null;
        try {
            built = build(opened.quorum());
            server = built;
            calls = new QuorumCalls(built);
            built.start();
            QuorumStorage.requireWhole(built.getDivision(QuorumGroup.ID).getRaftLog(), stateMachine);
            directory = opened;
            snapshots.start(settings.snapshotInterval());
        } catch (IOException | RuntimeException e) {
            closeQuietly(built);
            opened.close();
            throw e instanceof UnreadableMetadataException unreadable ? unreadable : startFailure(settings, e);
        }
    }

    private RaftServer build(Path files) throws IOException {
        return RaftServer.newBuilder()
                .setServerId(QuorumGroup.peerId(settings.id()))
                .setGroup(QuorumGroup.of(settings))
                .setStateMachine(stateMachine)
                .setThreadGroup(threads)
                .setOption(QuorumStorage.startupOption(
                        files.resolve(QuorumGroup.ID.getUuid().toString())))
                .setProperties(RatisProperties.of(settings, files))
                .build();
    }

    @Override
    public Basis basis() {
        return stateMachine.basis();
    }

    @Override
    public CompletableFuture<AppendOutcome> append(MetadataEntry entry) {
        QuorumCalls started = calls;
        return started == null ? notStarted() : started.append(entry);
    }

    @Override
    public CompletableFuture<AppendOutcome> confirm(long term) {
        QuorumCalls started = calls;
        return started == null ? notStarted() : started.confirm(term);
    }

    /** Why this voter cannot go on, for instance a full disk; null while it can. */
    public @Nullable String failure() {
        Throwable failure = stateMachine.failure();
        if (failure != null) {
            return String.valueOf(failure.getMessage());
        }
        RaftServer running = server;
        try {
            boolean ended = running != null
                    && running.getDivision(QuorumGroup.ID)
                            .getInfo()
                            .getLifeCycleState()
                            .isClosingOrClosed();
            return ended ? "Ratis has stopped; the log says why. Restart this coordinator." : null;
        } catch (IOException e) {
            return "Ratis has stopped (" + e.getMessage() + "). Restart this coordinator.";
        }
    }

    /**
     * Voters whose names cannot be resolved now, as {@code id@host}; they are looked up afresh by every connection. None
     * in a quorum of one, which connects to nobody.
     */
    public List<String> unresolvedVoters() {
        if (settings.isAlone()) {
            return List.of();
        }
        return settings.voters().stream()
                .filter(voter -> new InetSocketAddress(voter.host(), voter.port()).isUnresolved())
                .map(voter -> voter.id() + "@" + voter.host())
                .toList();
    }

    /** What this coordinator knows of the quorum now. */
    public QuorumView view() {
        return QuorumViews.of(server, settings, image());
    }

    /**
     * Takes a snapshot, unless nothing is new since the last.
     *
     * @return completes exceptionally when it could not be written; the log then simply stays longer
     */
    public CompletableFuture<Void> snapshot() {
        QuorumCalls started = calls;
        return started == null
                ? CompletableFuture.failedFuture(new IllegalStateException("The quorum has not started"))
                : started.snapshot();
    }

    /** Takes a last snapshot, leaves the quorum and lets the data directory go. */
    @Override
    public void close() {
        snapshots.close();
        threads.expectEnd();
        closeQuietly(server);
        CoordinatorDirectory held = directory;
        if (held != null) {
            held.close();
        }
    }

    private static CompletableFuture<AppendOutcome> notStarted() {
        return CompletableFuture.completedFuture(new AppendOutcome.Refused("The quorum has not started."));
    }

    private static RuntimeException startFailure(QuorumSettings settings, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains("Address already in use")) {
                return new QuorumStartException(
                        "Port %d, which the coordinators speak Raft on, is in use. Set coordinator.raft-port to a free one."
                                .formatted(settings.self().port()),
                        failure);
            }
        }
        return new QuorumStartException("The metadata quorum could not start: " + failure.getMessage(), failure);
    }

    private static void closeQuietly(@Nullable RaftServer server) {
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "Leaving the quorum was not orderly", e);
            }
        }
    }
}
