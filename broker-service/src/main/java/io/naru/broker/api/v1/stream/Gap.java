package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.record.ByteSink;

/**
 * Records that were deleted before the reader came to them.
 *
 * @param fromOffset first offset that is missing
 * @param toOffset first offset behind the gap, which is read next
 */
record Gap(int partition, long fromOffset, long toOffset) {
    /** Writes the gap as one line of JSON. */
    void writeTo(ByteSink out) {
        out.writeText("{\"partition\":" + partition + ",\"from_offset\":" + fromOffset + ",\"to_offset\":" + toOffset
                + ",\"reason\":\"below_log_start\"}");
    }
}
