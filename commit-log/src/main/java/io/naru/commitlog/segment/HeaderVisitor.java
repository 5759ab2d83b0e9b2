package io.naru.commitlog.segment;

import io.naru.commitlog.batch.RecordBatch;

/** Looks at the headers of batches, one after another. */
public interface HeaderVisitor {
    /**
     * Looks at one.
     *
     * @param batch its header only, good until the next
     * @param position of the batch in its segment
     */
    void visit(RecordBatch batch, int position);
}
