package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all requests of one kind may hold together, in bytes. It is an account, not a pool: whoever is about
 * to allocate takes from it first. Thread-safe; never blocks.
 */
public final class MemoryBudget {
    /** Who could do with less takes one such part at most of what the others leave, so that there is always a rest. */
    private static final int PARTS = 4;

    private final String property;
    private final long limitBytes;
    private final AtomicLong held = new AtomicLong();

    /**
     * A budget of which nothing is taken.
     *
     * @param property the name under which it is configured, for those that are turned away
     * @param limitBytes at least 1
     */
    public MemoryBudget(String property, long limitBytes) {
        if (limitBytes < 1) {
            throw new IllegalArgumentException(property + " is at least 1 byte; " + limitBytes + " is not");
        }
        this.property = property;
        this.limitBytes = limitBytes;
    }

    /** An account of what one request holds; to be released in the end. */
    public Share share() {
        return new Share();
    }

    /** Bytes held now by all requests. */
    public long heldBytes() {
        return held.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** How much a taker wants what it asks for. */
    private enum Claim {
        /** Within the limit. */
        FITTING,
        /** Within the limit, or if nobody else holds any. */
        NEEDED,
        /** Within a part of what the others leave. */
        MODEST,
        /** In any case. */
        LAST
    }

    /**
     * What one request holds. Once released it counts nothing: what still comes then is dropped by the next to look.
     * Thread-safe, for a request may end on one thread while another still works for it.
     */
    public final class Share {
        private long taken;
        private boolean filling;
        private boolean released;

        private Share() {}

        /**
         * Takes bytes.
         *
         * @throws NaruException {@code OVERLOADED} when they do not fit; none are taken then
         */
        public void take(long bytes) {
            require(bytes, Claim.FITTING);
        }

        /**
         * Takes bytes that cannot be done without. When nobody else holds any they are granted even beyond the limit:
         * what is larger than the whole budget would otherwise fail for ever.
         *
         * @throws NaruException {@code OVERLOADED} when they do not fit; none are taken then
         */
        public void takeNeeded(long bytes) {
            require(bytes, Claim.NEEDED);
        }

        /**
         * Takes bytes for something that can be made smaller, if this share then holds no more than a quarter of what
         * the others leave.
         */
        public boolean tryTake(long bytes) {
            return grants(bytes, Claim.MODEST);
        }

        /** Takes the few bytes that end what was begun, whether they fit or not. */
        public void takeAnyway(long bytes) {
            require(bytes, Claim.LAST);
        }

        /** Gives back some of what was taken. */
        public synchronized void giveBack(long bytes) {
            if (released && !filling) {
                return;
            }
            if (bytes > taken) {
                throw new IllegalArgumentException("Only " + taken + " bytes are taken; " + bytes + " are not");
            }
            held.addAndGet(-bytes);
            taken -= bytes;
        }

        /**
         * Does work that fills memory this share accounts for; one at a time. If the share is released meanwhile, the
         * memory counts as held until the work has noticed, which it does when it takes more.
         *
         * @throws CancellationException if the share has been released
         */
        public <T> T fill(Callable<T> work) throws Exception {
            synchronized (this) {
                if (released) {
                    throw ended();
                }
                filling = true;
            }
            try {
                return work.call();
            } finally {
                synchronized (this) {
                    filling = false;
                    if (released) {
                        settle();
                    }
                }
            }
        }

        /** Gives all back, for good; may be called again. */
        public synchronized void release() {
            released = true;
            if (!filling) {
                settle();
            }
        }

        /** What somebody is told for whom there is no room. */
        public NaruException overloaded() {
            return new NaruException(
                    ErrorCode.OVERLOADED,
                    "The requests under way fill the %d bytes of %s. Send again in a moment."
                            .formatted(limitBytes, property));
        }

        private void require(long bytes, Claim claim) {
            if (!grants(bytes, claim)) {
                throw overloaded();
            }
        }

        private synchronized boolean grants(long bytes, Claim claim) {
            if (released && filling) {
                throw ended();
            }
            if (released) {
                return true;
            }
            long before;
            do {
                before = held.get();
                if (bytes > 0 && !fits(bytes, before - taken, claim)) {
                    return false;
                }
            } while (!held.compareAndSet(before, before + bytes));
            taken += bytes;
            return true;
        }

        private boolean fits(long bytes, long others, Claim claim) {
            long after = taken + bytes;
            return switch (claim) {
                case FITTING -> others + after <= limitBytes;
                case NEEDED -> others + after <= limitBytes || others == 0;
                case MODEST -> after <= (limitBytes - others) / PARTS;
                case LAST -> true;
            };
        }

        private void settle() {
            held.addAndGet(-taken);
            taken = 0;
        }

        private static CancellationException ended() {
            return new CancellationException("The request has ended");
        }
    }
}
