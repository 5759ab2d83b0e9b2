package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.cursor.Cursor;
import io.naru.broker.api.v1.read.From;
import io.naru.broker.api.v1.read.Selection;
import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client wants to follow, checked against what is there: everything about a stream that does not change while
 * it runs.
 *
 * @param partitions those followed from the beginning, ascending
 * @param start names each of them
 */
record Following(
        String topic,
        List<Partition> partitions,
        Cursor start,
        Selection selection,
        RecordFilter filter,
        RecordFormat format,
        Framing framing,
        OnGap onGap) {

    /** What a client asked for. */
    record Wish(
            String topic,
            From from,
            Selection selection,
            RecordFilter filter,
            RecordFormat format,
            Framing framing,
            OnGap onGap) {}

    /**
     * Finds the partitions and where to begin. Does not block.
     *
     * @throws NaruException what stands in the way, retriable or final
     */
    static Following open(Wish wish, Partitions broker) {
        int count = broker.partitionCount(wish.topic());
        List<Integer> numbers = wish.selection().of(wish.topic(), count);
        requireFollowable(wish.topic(), numbers.size());
        var partitions = new ArrayList<Partition>();
        for (int number : numbers) {
            partitions.add(broker.partition(wish.topic(), number));
        }
        Cursor start = wish.from().resolve(partitions, count);
        if (wish.onGap() == OnGap.FAIL) {
            partitions.forEach(partition -> requireNoGap(partition, start));
        }
        return new Following(
                wish.topic(),
                List.copyOf(partitions),
                start,
                wish.selection(),
                wish.filter(),
                wish.format(),
                wish.framing(),
                wish.onGap());
    }

    static void requireFollowable(String topic, int partitions) {
        if (partitions > StreamSettings.MAX_PARTITIONS) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "A stream follows at most %d partitions, and this would be %d of topic '%s'. Choose with partitions=0,1,2 and open several streams."
                            .formatted(StreamSettings.MAX_PARTITIONS, partitions, topic));
        }
    }

    private static void requireNoGap(Partition partition, Cursor start) {
        Long from = start.nextOffset(partition.number());
        if (from != null && from < partition.logStartOffset()) {
            throw gap(partition, from);
        }
    }

    /** What a client that asked for {@code on_gap=fail} is told. */
    static NaruException gap(Partition partition, long from) {
        return new NaruException(
                ErrorCode.OFFSET_BELOW_LOG_START,
                "Offset %d of partition %d of topic '%s' is gone; the log starts at %d. Go on from there, or ask for on_gap=continue."
                        .formatted(from, partition.number(), partition.topic(), partition.logStartOffset()),
                From.factsOf(partition));
    }
}
