package io.naru.coordinator.quorum;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.protocol.QuorumView;
import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.decider.MetadataQuorum;
import io.naru.coordinator.decider.QuorumListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * The metadata quorum on Ratis: one voter, this one, of a Raft group of one, three or five. Thread-safe. What was
 * acknowledged survives a crash of any minority of voters, for it was forced to a majority's disks first.
 */
public final class RatisQuorum implements MetadataQuorum, AutoCloseable {
    /** Every Naru quorum has the same group id; what tells clusters apart is the id inside the image. */
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.fromString("6e617275-6d65-7461-6461-746171756f72"));

    private static final long SNAPSHOT_LIMIT_MS = 60_000;

    private final QuorumSettings settings;
    private final MetadataStateMachine stateMachine;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ScheduledExecutorService snapshotTimer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("metadata-snapshots").factory());
    private volatile @Nullable CoordinatorDirectory directory;
    private volatile @Nullable RaftServer server;

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
            built = build(settings, opened, stateMachine);
            server = built;
            built.start();
            requireWholeLog(built, stateMachine);
            directory = opened;
            scheduleSnapshots();
        } catch (IOException | RuntimeException e) {
            closeQuietly(built);
            opened.close();
            throw e instanceof UnreadableMetadataException unreadable ? unreadable : startFailure(settings, e);
        }
    }

    private static RaftServer build(
            QuorumSettings settings, CoordinatorDirectory directory, MetadataStateMachine stateMachine)
            throws IOException {
        Path files = directory.quorum();
        boolean fresh = !Files.isDirectory(files.resolve(GROUP.getUuid().toString()));
        RaftProperties properties = RatisProperties.of(settings, files);
        return RaftServer.newBuilder()
                .setServerId(peerId(settings.id()))
                .setGroup(RaftGroup.valueOf(
                        GROUP, settings.voters().stream().map(RatisQuorum::peer).toList()))
                .setStateMachine(stateMachine)
                .setProperties(properties)
                .setOption(fresh ? RaftStorage.StartupOption.FORMAT : RaftStorage.StartupOption.RECOVER)
                .build();
    }

    /** A log that begins after the snapshot's end leaves a gap that nothing could fill; Ratis would wait for ever. */
    private static void requireWholeLog(RaftServer server, MetadataStateMachine stateMachine) throws IOException {
        long snapshot = stateMachine.getLastAppliedTermIndex().getIndex();
        long first = server.getDivision(GROUP).getRaftLog().getStartIndex();
        long next = server.getDivision(GROUP).getRaftLog().getNextIndex();
        if (first > snapshot + 1 && next > first) {
            throw new UnreadableMetadataException(
                    "The metadata log begins at entry %d, but the newest readable snapshot ends at %d: what lies between is lost. Restore the coordinator's data directory, or let it join a quorum afresh under a new id."
                            .formatted(first, snapshot));
        }
    }

    @Override
    public ClusterImage image() {
        return stateMachine.image();
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
                    && running.getDivision(GROUP).getInfo().getLifeCycleState().isClosingOrClosed();
            return ended ? "Ratis has stopped; the log says why. Restart this coordinator." : null;
        } catch (IOException e) {
            return "Ratis has stopped (" + e.getMessage() + "). Restart this coordinator.";
        }
    }

    @Override
    public CompletableFuture<AppendOutcome> append(MetadataEntry entry) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(EntryCodec.encode(entry));
        return send(Message.valueOf(bytes), RaftClientRequest.writeRequestType(), RatisQuorum::afterAppend);
    }

    @Override
    public CompletableFuture<AppendOutcome> confirm() {
        return send(
                Message.EMPTY,
                RaftClientRequest.readRequestType(),
                failure -> new AppendOutcome.Refused("This coordinator could not confirm that it leads: " + failure));
    }

    /** Voters whose names cannot be resolved now, as {@code id@host}; they are looked up afresh by every connection. */
    public List<String> unresolvedVoters() {
        return settings.voters().stream()
                .filter(voter -> new InetSocketAddress(voter.host(), voter.port()).isUnresolved())
                .map(voter -> voter.id() + "@" + voter.host())
                .toList();
    }

    /** What this coordinator knows of the quorum now. */
    public QuorumView view() {
        return QuorumViews.of(server, GROUP, settings, image());
    }

    /**
     * Takes a snapshot, unless nothing is new since the last.
     *
     * @return completes exceptionally when it could not be written; the log then simply stays longer
     */
    public CompletableFuture<Void> snapshot() {
        RaftServer running = server;
        if (running == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("The quorum has not started"));
        }
        var request = SnapshotManagementRequest.newCreate(
                client, running.getId(), GROUP, calls.incrementAndGet(), SNAPSHOT_LIMIT_MS, 1);
        return running.snapshotManagementAsync(request).thenAccept(reply -> {
            RaftException failure = reply.getException();
            if (failure != null) {
                throw new CompletionException(failure);
            }
        });
    }

    /** Takes a last snapshot, leaves the quorum and lets the data directory go. */
    @Override
    public void close() {
        snapshotTimer.shutdownNow();
        closeQuietly(server);
        CoordinatorDirectory held = directory;
        if (held != null) {
            held.close();
        }
    }

    private void scheduleSnapshots() {
        long every = settings.snapshotInterval().toMillis();
        var _ = snapshotTimer.scheduleWithFixedDelay(this::timedSnapshot, every, every, TimeUnit.MILLISECONDS);
    }

    private void timedSnapshot() {
        var _ = snapshot().whenComplete((_, failure) -> {
            if (failure != null) {
                System.getLogger(RatisQuorum.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "The timed metadata snapshot failed; the log is kept",
                                failure);
            }
        });
    }

    private interface FailureMeaning {
        AppendOutcome of(Throwable failure);
    }

    private CompletableFuture<AppendOutcome> send(
            Message message, RaftClientRequest.Type type, FailureMeaning meaning) {
        RaftServer running = server;
        if (running == null) {
            return CompletableFuture.completedFuture(new AppendOutcome.Refused("The quorum has not started."));
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(running.getId())
                .setGroupId(GROUP)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        try {
            return running.submitClientRequestAsync(request)
                    .handle((reply, failure) -> failure != null ? meaning.of(failure) : outcome(reply, meaning));
        } catch (IOException e) {
            return CompletableFuture.completedFuture(meaning.of(e));
        }
    }

    private static AppendOutcome outcome(RaftClientReply reply, FailureMeaning meaning) {
        return reply.isSuccess() ? MetadataStateMachine.outcome(reply.getMessage()) : meaning.of(reply.getException());
    }

    /** Only two failures surely come before the log; a leader that steps down answers the same for either side. */
    private static AppendOutcome afterAppend(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case LeaderNotReadyException _ ->
                new AppendOutcome.Refused(
                        "This coordinator has just been elected and is not ready; try again shortly.");
            case ResourceUnavailableException _ ->
                new AppendOutcome.Refused("Too many changes are waiting for the quorum; try again shortly.");
            default ->
                new AppendOutcome.Unknown("The quorum did not confirm the change (" + cause
                        + "); it may or may not have taken effect. Read the state before repeating it.");
        };
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
                System.getLogger(RatisQuorum.class.getName())
                        .log(System.Logger.Level.WARNING, "Leaving the quorum was not orderly", e);
            }
        }
    }

    static RaftPeerId peerId(int id) {
        return RaftPeerId.valueOf(String.valueOf(id));
    }

    private static RaftPeer peer(QuorumSettings.Voter voter) {
        return RaftPeer.newBuilder()
                .setId(peerId(voter.id()))
                .setAddress(voter.host() + ":" + voter.port())
                .build();
    }
}
