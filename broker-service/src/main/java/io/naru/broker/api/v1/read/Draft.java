package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.read.LongPolls.Wait;
import io.naru.broker.api.v1.record.Room;
import io.naru.broker.api.web.MemoryBudget;

/**
 * An answer in the making: what memory it takes, of what all answers may hold together, and how long it has waited for
 * records. Until there is something to answer, whatever is needed is asked for; from then on only what leaves others
 * enough, because the answer can end here; and its end is not refused. Confined to one thread.
 */
final class Draft implements Room {
    private final MemoryBudget.Share share;
    private Need need = Need.WHOLE;
    private long waitedNanos;

    private enum Need {
        WHOLE,
        MORE,
        END
    }

    Draft(MemoryBudget.Share share) {
        this.share = share;
    }

    /** There is something to answer: what is taken from now on makes it more. */
    void hasSome() {
        if (need == Need.WHOLE) {
            need = Need.MORE;
        }
    }

    /** What is taken from now on ends the answer. */
    void ends() {
        need = Need.END;
    }

    /** Takes bytes if that leaves others enough. */
    boolean tryTake(int bytes) {
        return share.tryTake(bytes);
    }

    @Override
    public void take(int bytes) {
        switch (need) {
            case WHOLE -> share.takeNeeded(bytes);
            case MORE -> {
                if (!share.tryTake(bytes)) {
                    throw share.overloaded();
                }
            }
            case END -> share.takeAnyway(bytes);
        }
    }

    @Override
    public void giveBack(int bytes) {
        share.giveBack(bytes);
    }

    /** As {@link Wait#await}; the time counts as waited. */
    boolean await(Wait wait, long untilNanos) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            return wait.await(untilNanos);
        } finally {
            waitedNanos += System.nanoTime() - begun;
        }
    }

    /** Time spent waiting for records that were not there yet. */
    long waitedNanos() {
        return waitedNanos;
    }
}
