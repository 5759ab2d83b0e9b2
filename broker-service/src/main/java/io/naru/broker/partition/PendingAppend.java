package io.naru.broker.partition;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** One append on its way: the message to the owner and the promise to the caller in one object. */
final class PendingAppend extends CompletableFuture<Appended> implements PartitionState.Waiting.Completion {
    private final ByteBuffer batch;
    private final int size;
    private final Acks acks;
    private final ByteBudget budget;
    private final boolean admitted;

    /** Takes the batch's bytes from the budget, to be given back when the append ends. */
    PendingAppend(ByteBuffer batch, Acks acks, ByteBudget budget) {
        this.batch = batch;
        this.size = batch.remaining();
        this.acks = acks;
        this.budget = budget;
        this.admitted = budget.tryTake(size);
    }

    /** Whether the budget had room; if not, the append must be failed at once. */
    boolean admitted() {
        return admitted;
    }

    ByteBuffer batch() {
        return batch;
    }

    Acks acks() {
        return acks;
    }

    @Override
    public void succeed(Appended appended) {
        giveBack();
        complete(appended);
    }

    @Override
    public void fail(Throwable cause) {
        giveBack();
        completeExceptionally(cause);
    }

    private void giveBack() {
        if (admitted) {
            budget.giveBack(size);
        }
    }
}
