package io.naru.coordinator.liveness;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.decider.Commands;
import io.naru.coordinator.decider.Committed;
import io.naru.coordinator.decider.QuorumListener;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Registrations and heartbeats of brokers. Sessions stay in memory; what follows from them (fenced, unfenced, another
 * leader) is decided like any change. Thread-safe; {@link #register} and {@link #heartbeat} wait for the quorum and
 * belong on virtual threads.
 */
public final class Membership implements QuorumListener {
    private final Commands commands;
    private final Supplier<ClusterImage> images;
    private final LivenessSettings settings;
    private final LongSupplier nanoClock;
    private final BrokerSessions sessions;
    private final ConcurrentHashMap<BrokerSessions.Lapsed, Boolean> fencing = new ConcurrentHashMap<>();
    private volatile long lastLookNanos;

    /**
     * @param images the newest applied image
     * @param nanoClock monotonic time in nanoseconds
     */
    public Membership(
            Commands commands, Supplier<ClusterImage> images, LivenessSettings settings, LongSupplier nanoClock) {
        this.commands = commands;
        this.images = images;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.sessions = new BrokerSessions(settings.session());
        this.lastLookNanos = nanoClock.getAsLong();
    }

    /**
     * Grants full sessions to all, fenced ones too: a new leader has heard of nobody, which is not the brokers' fault,
     * and cannot tell which of them live.
     */
    @Override
    public void leading(long term, ClusterImage image) {
        long now = nanoClock.getAsLong();
        sessions.clear();
        for (BrokerImage broker : image.brokers().values()) {
            sessions.touch(broker.id(), broker.epoch(), now);
        }
    }

    /**
     * A broker takes its id.
     *
     * @throws NaruException {@code DUPLICATE_BROKER_ID} while another live process has it, {@code FOREIGN_CLUSTER},
     *     {@code INVALID_REQUEST}, or what {@link Commands#execute} throws
     */
    public BrokerRegistration.Accepted register(int brokerId, BrokerRegistration registration) {
        BrokerImage known = images.get().broker(brokerId);
        // As of the last look: since then this coordinator may have stalled, which only the next look makes up for.
        boolean live = known != null && sessions.isLive(brokerId, known.epoch(), lastLookNanos);
        long lapsed = known == null || live ? Command.RegisterBroker.NOTHING_LAPSED : known.epoch();
        Committed<Long> registered =
                commands.execute(new Command.RegisterBroker(brokerId, registration, lapsed), settings.decision());
        long epoch = registered.response();
        sessions.touch(brokerId, epoch, nanoClock.getAsLong());
        UUID clusterId = Objects.requireNonNull(images.get().clusterId(), "a registration needs a cluster");
        return new BrokerRegistration.Accepted(clusterId, epoch, epoch);
    }

    /**
     * A broker is alive, or leaving.
     *
     * @throws NaruException {@code STALE_BROKER_EPOCH} when it must register anew, {@code COORDINATOR_UNAVAILABLE} when
     *     this coordinator does not lead, or what {@link Commands#execute} throws
     */
    public Heartbeat.Answer heartbeat(int brokerId, Heartbeat heartbeat) {
        if (!commands.isLeading()) {
            throw new NaruException(
                    ErrorCode.COORDINATOR_UNAVAILABLE,
                    "This coordinator does not lead the quorum now, so that it keeps no sessions. Ask the others.");
        }
        BrokerImage broker = images.get().broker(brokerId);
        if (broker == null || broker.epoch() != heartbeat.brokerEpoch()) {
            throw new NaruException(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "Epoch %d of broker %d is not the current one; the broker must register anew."
                            .formatted(heartbeat.brokerEpoch(), brokerId));
        }
        long now = nanoClock.getAsLong();
        if (heartbeat.leaving()) {
            sessions.leave(brokerId, broker.epoch(), now);
            commands.execute(new Command.FenceBroker(brokerId, broker.epoch()), settings.decision());
        } else if (!sessions.isLeaving(brokerId, broker.epoch())) {
            sessions.touch(brokerId, broker.epoch(), now);
            unfenceIfCaughtUp(broker, heartbeat.metadataVersion());
        }
        ClusterImage after = images.get();
        BrokerImage current = after.broker(brokerId);
        boolean fenced = current == null || current.epoch() != heartbeat.brokerEpoch() || current.fenced();
        return new Heartbeat.Answer(fenced, after.version());
    }

    private void unfenceIfCaughtUp(BrokerImage broker, long replayed) {
        if (broker.fenced() && replayed >= broker.epoch()) {
            commands.execute(new Command.UnfenceBroker(broker.id(), broker.epoch(), replayed), settings.decision());
        }
    }

    /**
     * Looks for sessions that have ended and has their brokers fenced. For the one thread that does so in turn.
     *
     * @param nowNanos when this look began; what passes later counts as the lateness of the next
     * @param latenessNanos how much later than planned this look comes: nobody could be heard for so long
     */
    void check(long nowNanos, long latenessNanos) {
        if (latenessNanos > 0) {
            sessions.extendAll(latenessNanos);
        }
        lastLookNanos = nowNanos;
        if (!commands.isLeading()) {
            return;
        }
        for (BrokerSessions.Lapsed lapsed : sessions.lapsed(nowNanos)) {
            BrokerImage broker = images.get().broker(lapsed.brokerId());
            boolean unfenced = broker != null && broker.epoch() == lapsed.epoch() && !broker.fenced();
            if (unfenced && fencing.putIfAbsent(lapsed, true) == null) {
                fence(lapsed);
            }
        }
    }

    private void fence(BrokerSessions.Lapsed lapsed) {
        try {
            var _ = commands.submit(new Command.FenceBroker(lapsed.brokerId(), lapsed.epoch()))
                    .whenComplete((_, _) -> fencing.remove(lapsed));
        } catch (RuntimeException e) {
            // Not under way after all: the next look is to try again.
            fencing.remove(lapsed);
            throw e;
        }
    }
}
