package io.naru.coordinator.liveness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which brokers were heard of lately. Lives in the leader's memory only: a new leader grants full sessions to all.
 * Times are monotonic nanoseconds, given by the caller. Thread-safe.
 */
final class BrokerSessions {
    private final long sessionNanos;
    private final Map<Integer, Session> byBroker = new TreeMap<>();

    /** A broker's session: one per id, for its newest epoch. */
    private static final class Session {
        private final long epoch;
        private long deadline;
        private boolean leaving;

        Session(long epoch, long deadline) {
            this.epoch = epoch;
            this.deadline = deadline;
        }
    }

    /** A session that has ended. */
    record Lapsed(int brokerId, long epoch) {}

    /** @param length time without a heartbeat after which a session ends */
    BrokerSessions(Duration length) {
        this.sessionNanos = length.toNanos();
    }

    /** Forgets all sessions. */
    synchronized void clear() {
        byBroker.clear();
    }

    /** The broker was heard of: its session, begun if need be, lasts its full length from now. */
    synchronized void touch(int brokerId, long epoch, long nowNanos) {
        Session session = byBroker.get(brokerId);
        if (session == null || session.epoch != epoch) {
            byBroker.put(brokerId, new Session(epoch, nowNanos + sessionNanos));
        } else {
            session.deadline = nowNanos + sessionNanos;
        }
    }

    /** The broker is going: its session is over, and late heartbeats of this epoch no longer count. */
    synchronized void leave(int brokerId, long epoch, long nowNanos) {
        var session = new Session(epoch, nowNanos);
        session.leaving = true;
        byBroker.put(brokerId, session);
    }

    synchronized boolean isLeaving(int brokerId, long epoch) {
        Session session = byBroker.get(brokerId);
        return session != null && session.epoch == epoch && session.leaving;
    }

    synchronized boolean isLive(int brokerId, long epoch, long nowNanos) {
        Session session = byBroker.get(brokerId);
        return session != null && session.epoch == epoch && !session.leaving && session.deadline - nowNanos > 0;
    }

    /** Nobody could be heard for that long, through no fault of theirs: all sessions last that much longer. */
    synchronized void extendAll(long nanos) {
        byBroker.values().forEach(session -> session.deadline += nanos);
    }

    /** Sessions that are over by now, by broker id. */
    synchronized List<Lapsed> lapsed(long nowNanos) {
        var over = new ArrayList<Lapsed>();
        byBroker.forEach((id, session) -> {
            if (session.deadline - nowNanos <= 0) {
                over.add(new Lapsed(id, session.epoch));
            }
        });
        return over;
    }
}
