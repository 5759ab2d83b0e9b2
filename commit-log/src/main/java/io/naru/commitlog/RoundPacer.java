package io.naru.commitlog;

/**
 * Decides when a round of forces begins. Those whom a round answers soon ask again, one after the other; a round that began
 * with the first of them would force for that one alone, and every second force would be for nothing. So a round waits for
 * as many as the last one answered, while they keep coming, and no longer than a force takes. Where they do not come, some
 * rounds wait for nobody; and after a round for one, none does. Pure; for one thread at a time.
 */
final class RoundPacer {
    private static final long LONGEST_WAIT_NANOS = 1_000_000;
    private static final long SHORTEST_LOOK_NANOS = 30_000;
    private static final long LONGEST_LOOK_NANOS = 250_000;
    private static final int MOST_DOUBLINGS = 6;

    private int answered;
    private long waitNanos;
    private long endedNanos;
    private int seen;
    private boolean looked;
    private int misses;
    private int skips;

    /** A round has ended that answered so many and took so long. */
    void ended(int newlyAnswered, long tookNanos, long nowNanos) {
        answered = newlyAnswered;
        waitNanos = Math.min(tookNanos, LONGEST_WAIT_NANOS);
        endedNanos = nowNanos;
        looked = false;
        if (skips > 0) {
            skips--;
            answered = 0;
        }
    }

    /** How many have to wait for the next round to begin at once. */
    int wanted() {
        return answered;
    }

    /**
     * How long the next round is to wait before this is asked again; 0 to begin.
     *
     * @param waiting how many wait for it by now
     */
    long pause(int waiting, long nowNanos) {
        if (answered < 2) {
            return 0;
        }
        if (waiting >= answered) {
            misses = 0;
            return 0;
        }
        long left = waitNanos - (nowNanos - endedNanos);
        if (left <= 0 || (looked && waiting == seen)) {
            missed();
            return 0;
        }
        looked = true;
        seen = waiting;
        return Math.min(left, Math.clamp(waitNanos / 4, SHORTEST_LOOK_NANOS, LONGEST_LOOK_NANOS));
    }

    private void missed() {
        misses = Math.min(misses + 1, MOST_DOUBLINGS);
        skips = (1 << misses) - 1;
    }
}
