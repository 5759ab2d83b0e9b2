package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.partition.Partition;
import io.naru.cluster.NaruException;

/** Fills a page from partitions. Blocks on the disk; confined to one virtual thread. */
final class PageReader {
    private static final int SLICE_BYTES = 64 * 1024;

    private final PageText page;
    private final RecordFilter filter;
    private final ScanBudget budget = new ScanBudget();
    private final PartitionScan scan = new PartitionScan();

    PageReader(PageText page, RecordFilter filter) {
        this.page = page;
        this.filter = filter;
    }

    /** Whether the request has looked through as much as it may: the page ends here, found or not. */
    boolean isExhausted() {
        return budget.isSpent();
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
                int loaded = budget.isSpent() ? 0 : scan.load(SLICE_BYTES);
                if (loaded == 0) {
                    return;
                }
                budget.spend(loaded);
            }
        }
    }
}
