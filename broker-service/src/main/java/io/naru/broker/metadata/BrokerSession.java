package io.naru.broker.metadata;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * This broker's standing with the coordinators: registers, then heartbeats on a platform thread of its own, so that
 * neither a busy pool nor a long collection of virtual threads can make a living broker look dead. A refused epoch
 * leads to a new registration.
 *
 * <p>{@link #state} tells how far it has come. A broker that lost its coordinators stays {@link State#ACTIVE}: it goes
 * on leading what it leads.
 */
public final class BrokerSession implements AutoCloseable {
    private static final Logger LOG = System.getLogger(BrokerSession.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofMillis(50);
    private static final Duration CATCH_UP_INTERVAL = Duration.ofMillis(10);
    private static final Duration COMPLAIN_EVERY = Duration.ofSeconds(5);

    /** How far a broker has come. */
    public enum State {
        /** No coordinator has given it its id yet. */
        REGISTERING,
        /** It has its id and replays the metadata; it may not lead yet. */
        CATCHING_UP,
        /** It is unfenced and has acted on an image that says so. */
        ACTIVE,
        /** It was refused for good; {@link BrokerSession#problem} says why. */
        REFUSED,
        /** It has said goodbye. */
        STOPPED
    }

    /**
     * What a broker says of itself.
     *
     * @param directoryId identity of its data directory
     * @param url where clients and other brokers reach it
     */
    public record Self(
            int brokerId,
            UUID directoryId,
            String url,
            @Nullable String rack) {}

    private final Self self;
    private final Coordinator coordinator;
    private final BrokerIdentity.Store identities;
    private final MetadataFollower follower;
    private final Duration interval;
    private final UUID incarnation;
    private final Thread thread;

    private volatile State state = State.REGISTERING;
    private volatile @Nullable String problem;
    private volatile boolean closing;
    private boolean following;
    private long lastComplaintNanos = System.nanoTime() - COMPLAIN_EVERY.toNanos();

    public BrokerSession(
            Self self,
            UUID incarnation,
            Duration heartbeatInterval,
            Coordinator coordinator,
            BrokerIdentity.Store identities,
            MetadataFollower follower) {
        this.self = self;
        this.incarnation = incarnation;
        this.interval = heartbeatInterval;
        this.coordinator = coordinator;
        this.identities = identities;
        this.follower = follower;
        this.thread = Thread.ofPlatform().name("broker-session").daemon(true).unstarted(this::run);
    }

    /** Starts to register; returns at once. To be called once. */
    public void start() {
        thread.start();
    }

    public State state() {
        return state;
    }

    /** What went wrong last and has not gone right since; null when all is well. */
    public @Nullable String problem() {
        return problem;
    }

    /** Says goodbye, so that leadership moves at once instead of after the session time-out. Waits for the answer. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        state = State.STOPPED;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing && state != State.REFUSED) {
            BrokerRegistration.Accepted accepted = register();
            if (accepted != null) {
                heartbeatWhileAccepted(accepted);
            }
        }
    }

    private BrokerRegistration.@Nullable Accepted register() {
        state = State.REGISTERING;
        try {
            BrokerIdentity known = identities.load();
            var accepted = coordinator.register(
                    self.brokerId(),
                    new BrokerRegistration(
                            known == null ? null : known.clusterId(),
                            incarnation,
                            known == null ? null : known.incarnation(),
                            self.directoryId(),
                            self.url(),
                            self.rack()));
            identities.save(new BrokerIdentity(self.brokerId(), accepted.clusterId(), incarnation));
            problem = null;
            state = State.CATCHING_UP;
            if (!following) {
                following = true;
                follower.start(accepted.version());
            }
            return accepted;
        } catch (NaruException e) {
            if (e.code() == ErrorCode.FOREIGN_CLUSTER) {
                state = State.REFUSED;
            }
            complain("Registering broker " + self.brokerId(), e);
        } catch (RuntimeException e) {
            complain("Registering broker " + self.brokerId(), e);
        }
        pause(RETRY_AFTER);
        return null;
    }

    private void heartbeatWhileAccepted(BrokerRegistration.Accepted accepted) {
        while (true) {
            boolean leaving = closing;
            try {
                Heartbeat.Answer answer = coordinator.heartbeat(
                        self.brokerId(),
                        new Heartbeat(accepted.brokerEpoch(), follower.image().version(), leaving));
                problem = null;
                note(answer, accepted);
            } catch (NaruException e) {
                complain("Heartbeat of broker " + self.brokerId(), e);
                if (e.code() == ErrorCode.STALE_BROKER_EPOCH) {
                    return;
                }
            } catch (RuntimeException e) {
                complain("Heartbeat of broker " + self.brokerId(), e);
            }
            if (leaving) {
                return;
            }
            pause(state == State.ACTIVE ? interval : CATCH_UP_INTERVAL);
        }
    }

    private void note(Heartbeat.Answer answer, BrokerRegistration.Accepted accepted) {
        BrokerImage seen = follower.image().broker(self.brokerId());
        boolean unfencedHere = seen != null && !seen.fenced() && seen.epoch() == accepted.brokerEpoch();
        State now = !answer.fenced() && unfencedHere ? State.ACTIVE : State.CATCHING_UP;
        if (now != state) {
            LOG.log(Level.INFO, "Broker {0} is {1}", self.brokerId(), now == State.ACTIVE ? "active" : "catching up");
            state = now;
        }
    }

    /** A lasting trouble is told every few seconds, not at every beat. */
    private void complain(String what, RuntimeException e) {
        String why = e instanceof NaruException known ? known.detail() : String.valueOf(e);
        problem = why;
        long now = System.nanoTime();
        if (!closing && now - lastComplaintNanos >= COMPLAIN_EVERY.toNanos()) {
            lastComplaintNanos = now;
            LOG.log(Level.WARNING, "{0}: {1}", what, why);
        }
    }

    private void pause(Duration duration) {
        if (!closing) {
            LockSupport.parkNanos(this, duration.toNanos());
        }
    }
}
