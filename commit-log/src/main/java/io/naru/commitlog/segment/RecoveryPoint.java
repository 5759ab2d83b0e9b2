package io.naru.commitlog.segment;

/**
 * How far the last segment of a log has been forced, so that recovery can begin there.
 *
 * @param baseOffset of the segment
 * @param position bytes of it that are whole batches and forced
 * @param nextOffset offset behind the last record in them
 * @param maxTimestamp of the records in them, or a larger one of records behind; {@link Long#MIN_VALUE} if there are none
 * @param firstAppendMillis when the first batch was appended on the log's clock, -1 if unknown
 */
public record RecoveryPoint(long baseOffset, int position, long nextOffset, long maxTimestamp, long firstAppendMillis) {

    /** The seal that this would be, for an index whose entries are not known yet. */
    IndexHeader seal(int indexIntervalBytes) {
        return new IndexHeader(
                IndexHeader.Kind.OFFSETS,
                baseOffset,
                nextOffset,
                position,
                maxTimestamp,
                firstAppendMillis,
                0,
                0,
                indexIntervalBytes);
    }
}
