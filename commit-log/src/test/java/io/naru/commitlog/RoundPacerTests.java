package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundPacerTests {
    private static final long FORCE_NANOS = 400_000;

    private final RoundPacer pacer = new RoundPacer();
    private long now = 1_000_000_000;

    @Test
    void whoeverIsAloneNeverWaits() {
        assertThat(pacer.pause(1, now)).isZero();
        for (int i = 0; i < 10; i++) {
            round(1);
            assertThat(pacer.pause(0, now)).isZero();
            assertThat(pacer.pause(1, now)).isZero();
        }
    }

    @Test
    void aRoundWaitsForAsManyAsTheLastOneAnswered() {
        round(64);
        assertThat(pacer.wanted()).isEqualTo(64);
        assertThat(pause(1)).isPositive();
        assertThat(pause(30)).isPositive();
        assertThat(pause(63)).isPositive();
        assertThat(pacer.pause(64, now)).isZero();
        round(64);
        assertThat(pause(0)).isPositive();
    }

    @Test
    void aRoundBeginsWhenNobodyComesAnyMore() {
        round(64);
        long first = pause(10);
        assertThat(first).isBetween(1L, FORCE_NANOS / 4);
        assertThat(pause(40)).isPositive();
        assertThat(pacer.pause(40, now)).isZero();
    }

    @Test
    void aRoundWaitsNoLongerThanAForceTakesOrAMillisecond() {
        for (long took : new long[] {10_000, FORCE_NANOS, 50_000_000}) {
            var each = new RoundPacer();
            each.ended(1000, took, now);
            long waited = 0;
            int waiting = 1;
            for (long pause = each.pause(waiting, now); pause > 0; pause = each.pause(++waiting, now + waited)) {
                waited += pause;
            }
            assertThat(waited).isBetween(1L, Math.min(took, 1_000_000));
        }
    }

    @Test
    void whereNobodyComesBackFewerAndFewerRoundsWait() {
        int waited = 0;
        for (int i = 0; i < 200; i++) {
            round(8);
            if (pause(1) > 0) {
                waited++;
                assertThat(pacer.pause(1, now)).isZero();
            }
        }
        assertThat(waited).isBetween(4, 12);
    }

    @Test
    void whereTheyDoComeBackEveryRoundWaitsAgain() {
        for (int i = 0; i < 20; i++) {
            round(8);
            if (pause(1) > 0) {
                pacer.pause(1, now);
            }
        }
        // One full round is enough to trust them.
        do {
            round(8);
        } while (pause(1) == 0);
        assertThat(pacer.pause(8, now)).isZero();
        round(8);
        assertThat(pause(1)).isPositive();
        assertThat(pacer.pause(1, now)).isZero();
        round(8);
        assertThat(pause(1)).isZero();
        round(8);
        assertThat(pause(1)).isPositive();
    }

    private void round(int answered) {
        now += FORCE_NANOS;
        pacer.ended(answered, FORCE_NANOS, now);
    }

    /** Asks, and lets the answer pass. */
    private long pause(int waiting) {
        long pause = pacer.pause(waiting, now);
        now += pause;
        return pause;
    }
}
