package io.naru.coordinator.control;

import io.naru.cluster.MetadataRecord;
import java.util.List;

/**
 * A decision: facts to record, in order, and the answer for when they are applied. Each record leaves a valid image
 * behind, so that a long list may be split over several entries.
 *
 * @param records empty when nothing has to change
 */
public record Result<R>(List<MetadataRecord> records, R response) {
    public Result {
        records = List.copyOf(records);
    }

    /** A decision that leaves everything as it is. */
    static <R> Result<R> unchanged(R response) {
        return new Result<>(List.of(), response);
    }
}
