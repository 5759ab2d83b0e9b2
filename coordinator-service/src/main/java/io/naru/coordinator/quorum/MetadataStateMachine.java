package io.naru.coordinator.quorum;

import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.Basis;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.decider.QuorumListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * The image of the cluster as Ratis replicates it. Entries are applied by Ratis' one updater thread, in the order of
 * the log; {@link #basis()} may be read by any thread. Applying reads no clock, no random and no configuration, so that
 * the same log gives the same image everywhere; an entry decided on anything else than what it meets is passed over.
 * After a crash the image is rebuilt from the latest snapshot and the log behind it.
 */
final class MetadataStateMachine extends BaseStateMachine {
    private static final byte APPLIED = 0;
    private static final byte MISMATCHED = 1;

    private final SnapshotStorage snapshots = new SnapshotStorage();
    private final QuorumListener listener;
    private volatile Basis basis = Basis.EMPTY;
    private volatile @Nullable Throwable failure;

    MetadataStateMachine(QuorumListener listener) {
        this.listener = listener;
    }

    Basis basis() {
        return basis;
    }

    /** Index of the newest snapshot that could not be read; -1 when there is none. */
    long newestUnreadableSnapshot() throws IOException {
        return snapshots.newestUnreadable();
    }

    /** Why this coordinator cannot go on; null while it can. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        snapshots.init(storage);
        load();
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** After the leader sent a snapshot, because the log it had for us begins later. */
    @Override
    public void reinitialize() throws IOException {
        snapshots.lookAgain();
        load();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private void load() throws IOException {
        Snapshot snapshot = snapshots.readLatest();
        if (snapshot != null) {
            basis = snapshot.basis();
            setLastAppliedTermIndex(TermIndex.valueOf(snapshot.term(), snapshot.index()));
            listener.restored(basis.image());
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto logged = transaction.getLogEntry();
        MetadataEntry entry;
        try {
            entry = EntryCodec.decode(
                    logged.getStateMachineLogEntry().getLogData().toByteArray());
        } catch (UnreadableMetadataException e) {
            // Thrown on, it stops Ratis' updater: better no coordinator than one with another image.
            failure = e;
            throw e;
        }
        boolean fits = basis.fits(entry);
        if (fits) {
            basis = basis.after(entry.records());
        }
        updateLastAppliedTermIndex(logged.getTerm(), logged.getIndex());
        if (fits) {
            listener.applied(entry.records(), basis.image());
        }
        return CompletableFuture.completedFuture(answer(fits ? APPLIED : MISMATCHED));
    }

    /** A linearizable read, which Ratis lets through once a majority has confirmed the leader. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(answer(APPLIED));
    }

    private Message answer(byte kind) {
        var bytes = ByteBuffer.allocate(1 + Long.BYTES)
                .put(kind)
                .putLong(basis.image().version());
        return Message.valueOf(ByteString.copyFrom(bytes.flip()));
    }

    /** What an answer of {@link #applyTransaction} or {@link #query} says. */
    static AppendOutcome outcome(Message answer) {
        ByteBuffer bytes = answer.getContent().asReadOnlyByteBuffer();
        byte kind = bytes.get();
        long version = bytes.getLong();
        return kind == APPLIED ? new AppendOutcome.Applied(version) : new AppendOutcome.Mismatched(version);
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last.getIndex() < RaftLog.LEAST_VALID_LOG_INDEX) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        snapshots.write(new Snapshot(basis, last.getTerm(), last.getIndex()));
        return last.getIndex();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    /** Leadership may be over by the time this comes, and another term, perhaps led by another, have begun. */
    @Override
    public synchronized void notifyLeaderReady() {
        try {
            DivisionInfo info = getServer().join().getDivision(getGroupId()).getInfo();
            long term = info.getCurrentTerm();
            if (!leads(info, term)) {
                return;
            }
            listener.leading(term, basis.image());
            if (!leads(info, term)) {
                listener.notLeading();
            }
        } catch (IOException e) {
            throw new IllegalStateException("Leading a group this server does not have", e);
        }
    }

    private static boolean leads(DivisionInfo info, long term) {
        return info.isLeader() && info.getCurrentTerm() == term;
    }

    /** Stepping down, before anybody knows who leads next; what was pending is answered by Ratis. */
    @Override
    public synchronized void notifyNotLeader(Collection<TransactionContext> pending) {
        listener.notLeading();
    }

    @Override
    public synchronized void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        if (!member.getPeerId().equals(leader)) {
            listener.notLeading();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        failure = cause;
        listener.notLeading();
    }
}
