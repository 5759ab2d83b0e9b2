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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
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
    private final RatisThreads threads = new RatisThreads();
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
            built = build(opened);
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

    private RaftServer build(CoordinatorDirectory opened) throws IOException {
        Path files = opened.quorum();
        boolean fresh = isFresh(files.resolve(GROUP.getUuid().toString()));
        RaftProperties properties = RatisProperties.of(settings, files);
        return RaftServer.newBuilder()
                .setServerId(peerId(settings.id()))
                .setGroup(RaftGroup.valueOf(
                        GROUP, settings.voters().stream().map(RatisQuorum::peer).toList()))
                .setStateMachine(stateMachine)
                .setThreadGroup(threads)
                .setProperties(properties)
                .setOption(fresh ? RaftStorage.StartupOption.FORMAT : RaftStorage.StartupOption.RECOVER)
                .build();
    }

    /**
     * Whether there is nothing yet: no mark of Ratis, which it makes before anything is acknowledged. Formatting would
     * clear what a lost mark leaves behind, so that such a directory is refused.
     */
    private static boolean isFresh(Path group) throws IOException {
        if (Files.exists(group.resolve("current").resolve("raft-meta"))) {
            return false;
        }
        if (holdsFiles(group.resolve("current"), "log_") || holdsFiles(group.resolve("sm"), "snapshot.")) {
            throw new UnreadableMetadataException(
                    "The metadata in " + group
                            + " lacks the file current/raft-meta, without which its log cannot be trusted. Restore the coordinator's data directory from a copy.");
        }
        clear(group);
        return true;
    }

    /** Removes what a first start that was cut short left behind; Ratis makes only what is not there. */
    private static void clear(Path group) throws IOException {
        if (Files.isDirectory(group)) {
            try (Stream<Path> files = Files.walk(group)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean holdsFiles(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
        }
    }

    /**
     * Snapshot and log must join, and reach as far as any snapshot did that can no longer be read. Ratis would wait for
     * ever for entries that lie in a gap, and start from nothing where there is neither.
     */
    private static void requireWholeLog(RaftServer server, MetadataStateMachine stateMachine) throws IOException {
        RaftLog log = server.getDivision(GROUP).getRaftLog();
        long snapshot = stateMachine.getLastAppliedTermIndex().getIndex();
        long lost = stateMachine.newestUnreadableSnapshot();
        if (log.getSnapshotIndex() > snapshot) {
            throw new IllegalStateException("Ratis counts on a snapshot to entry " + log.getSnapshotIndex()
                    + ", but the image was loaded to entry " + snapshot);
        }
        boolean gap = log.getNextIndex() > log.getStartIndex() && log.getStartIndex() > snapshot + 1;
        boolean shorter = lost > snapshot && log.getNextIndex() <= lost;
        if (gap || shorter) {
            throw new UnreadableMetadataException(
                    "The newest readable metadata snapshot ends at entry %d, and the log holds entries %d to %d: what is missing is lost here. Restore the coordinator's data directory from a copy, or let it join a quorum afresh under a new id."
                            .formatted(snapshot, log.getStartIndex(), log.getNextIndex() - 1));
        }
    }

    @Override
    public Basis basis() {
        return stateMachine.basis();
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
    public CompletableFuture<AppendOutcome> confirm(long term) {
        // A linearizable read; Ratis lets others than the leader do it too, so that leadership is asked afterwards.
        return send(
                        Message.EMPTY,
                        RaftClientRequest.readRequestType(),
                        failure -> notLeading("it could not be confirmed (" + failure + ")"))
                .thenApply(outcome -> outcome instanceof AppendOutcome.Applied && !leads(term)
                        ? notLeading("another term has begun")
                        : outcome);
    }

    private static AppendOutcome notLeading(String why) {
        return new AppendOutcome.Refused("This coordinator no longer leads: " + why + ". Ask the others.");
    }

    private boolean leads(long term) {
        RaftServer running = server;
        try {
            if (running == null) {
                return false;
            }
            DivisionInfo info = running.getDivision(GROUP).getInfo();
            return info.isLeader() && info.getCurrentTerm() == term;
        } catch (IOException _) {
            return false;
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
        threads.expectEnd();
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
                    .handle((reply, failure) -> failure != null ? meaning.of(failure) : outcome(reply, meaning))
                    .exceptionally(meaning::of);
        } catch (IOException | RuntimeException | Error e) {
            return CompletableFuture.completedFuture(meaning.of(e));
        }
    }

    private static AppendOutcome outcome(RaftClientReply reply, FailureMeaning meaning) {
        if (reply.isSuccess()) {
            return MetadataStateMachine.outcome(reply.getMessage());
        }
        RaftException failure = reply.getException();
        return meaning.of(failure != null ? failure : new RaftException("Ratis refused it and does not say why"));
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
