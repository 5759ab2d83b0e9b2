package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.read.LongPolls.Wait;
import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;

/** Fills a page from partitions. Blocks on the disk; confined to one virtual thread. */
final class PageReader implements AutoCloseable {
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int ONE_BATCH = 1;

    private final PageText page;
    private final Draft draft;
    private final RecordFilter filter;
    private final ScanBudget budget = new ScanBudget();
    private final PartitionScan scan;

    PageReader(PageText page, RecordFilter filter, Draft draft) {
        this.page = page;
        this.draft = draft;
        this.filter = filter;
        this.scan = new PartitionScan(draft);
    }

    /** Whether the request has looked through as much as it may: the page ends here, found or not. */
    boolean isExhausted() {
        return budget.isSpent();
    }

    /** Whether it is worth reading on after a wait, for which all memory is let go. */
    boolean awaitMore(Wait wait, long untilNanos) throws InterruptedException {
        if (page.count() > 0 || isExhausted()) {
            return false;
        }
        close();
        return draft.await(wait, untilNanos);
    }

    /**
     * Adds a partition's records from an offset on, until the page is full, has {@code maxCount} records, or nothing
     * is left to read. What stands in the way of a page that has begun is for the next page to tell, which begins with
     * it.
     *
     * @return the offset to go on from
     */
    long read(Partition partition, long offset, int maxCount) {
        scan.open(partition, offset);
        try {
            readOn(partition, maxCount);
        } catch (NaruException e) {
            if (page.count() == 0) {
                throw e;
            }
        }
        return scan.position();
    }

    private void readOn(Partition partition, int maxCount) {
        while (!page.isFull() && page.count() < maxCount) {
            if (scan.next()) {
                if (filter.matches(scan.current())
                        && !page.add(partition.topic(), partition.number(), scan.current())) {
                    scan.unread();
                }
            } else {
                int loaded = budget.isSpent() ? 0 : load();
                if (loaded == 0) {
                    return;
                }
                budget.spend(loaded);
            }
        }
    }

    private int load() {
        try {
            return scan.load(SLICE_BYTES);
        } catch (NaruException e) {
            if (e.code() != ErrorCode.OVERLOADED) {
                throw e;
            }
            return scan.load(ONE_BATCH);
        }
    }

    /** Lets go of the memory it reads into; it can go on all the same. */
    @Override
    public void close() {
        scan.close(0);
    }
}
