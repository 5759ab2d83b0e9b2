package io.naru.coordinator.quorum;

import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.MetadataEntry;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * What this coordinator asks of its own Ratis server, and what the answers mean to whoever asked. Thread-safe; every
 * call returns at once, and its future completes on a thread of Ratis.
 */
final class QuorumCalls {
    private static final long SNAPSHOT_LIMIT_MS = 60_000;

    private final RaftServer server;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    QuorumCalls(RaftServer server) {
        this.server = server;
    }

    /** Puts an entry into the log; see {@link io.naru.coordinator.decider.MetadataQuorum#append}. */
    CompletableFuture<AppendOutcome> append(MetadataEntry entry) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(EntryCodec.encode(entry));
        return send(Message.valueOf(bytes), RaftClientRequest.writeRequestType(), QuorumCalls::afterAppend);
    }

    /** Makes sure of the leadership; see {@link io.naru.coordinator.decider.MetadataQuorum#confirm}. */
    CompletableFuture<AppendOutcome> confirm(long term) {
        // A linearizable read; Ratis lets others than the leader do it too, so that leadership is asked afterwards.
        return send(
                        Message.EMPTY,
                        RaftClientRequest.readRequestType(),
                        failure -> notLeading("it could not be confirmed (" + failure + ")"))
                .thenApply(outcome -> outcome instanceof AppendOutcome.Applied && !leads(term)
                        ? notLeading("another term has begun")
                        : outcome);
    }

    /**
     * Takes a snapshot, unless nothing is new since the last.
     *
     * @return completes exceptionally when it could not be written
     */
    CompletableFuture<Void> snapshot() {
        var request = SnapshotManagementRequest.newCreate(
                client, server.getId(), QuorumGroup.ID, calls.incrementAndGet(), SNAPSHOT_LIMIT_MS, 1);
        return server.snapshotManagementAsync(request).thenAccept(reply -> {
            RaftException failure = reply.getException();
            if (failure != null) {
                throw new CompletionException(failure);
            }
        });
    }

    private boolean leads(long term) {
        try {
            DivisionInfo info = server.getDivision(QuorumGroup.ID).getInfo();
            return info.isLeader() && info.getCurrentTerm() == term;
        } catch (IOException _) {
            return false;
        }
    }

    private interface FailureMeaning {
        AppendOutcome of(Throwable failure);
    }

    private CompletableFuture<AppendOutcome> send(
            Message message, RaftClientRequest.Type type, FailureMeaning meaning) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(QuorumGroup.ID)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        try {
            return server.submitClientRequestAsync(request)
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

    private static AppendOutcome notLeading(String why) {
        return new AppendOutcome.Refused("This coordinator no longer leads: " + why + ". Ask the others.");
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
}
