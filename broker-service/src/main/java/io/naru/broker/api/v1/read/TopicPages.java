package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.api.v1.read.LongPolls.Wait;
import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.MediaType;

/** Pages across the partitions of a topic. Thread-safe; blocks as {@link PartitionPages} does. */
final class TopicPages {
    /** What a request holds for each partition: its position, and a subscription while it waits. */
    private static final int PARTITION_BYTES = 512;

    private final Partitions broker;
    private final LongPolls polls;

    TopicPages(Partitions broker, LongPolls polls) {
        this.broker = broker;
        this.polls = polls;
    }

    /** What a caller asked for. */
    record Wish(
            String topic,
            From from,
            Selection selection,
            PageLimits limits,
            RecordFilter filter,
            RecordFormat format) {}

    /** A page as a JSON document, or as lines where the format says so. */
    Answer page(Wish wish, Draft draft) throws InterruptedException {
        int count = broker.partitionCount(wish.topic());
        List<Integer> numbers = wish.selection().of(wish.topic(), count);
        draft.take(numbers.size() * PARTITION_BYTES);
        var partitions = new ArrayList<Partition>(numbers.size());
        for (int number : numbers) {
            partitions.add(broker.partition(wish.topic(), number));
        }
        var positions = new Positions(wish.from().resolve(partitions, count));
        var page = new PageText(wish.limits(), wish.format(), draft);
        try (Wait wait = polls.on(wish.limits().maxWait().isZero() ? List.of() : partitions);
                PageReader reader = new PageReader(page, wish.filter(), draft)) {
            long until = System.nanoTime() + wish.limits().maxWait().toNanos();
            do {
                readAll(partitions, positions, page, reader, wish);
            } while (reader.awaitMore(wait, until));
        }
        return answer(wish, partitions, positions, page);
    }

    /**
     * Goes round until the page is full or nobody has more. Each partition gets an equal share of what room is left, and
     * the one to begin with changes with the positions, so that from page to page each has its turn however small the
     * page.
     */
    private static void readAll(
            List<Partition> partitions, Positions positions, PageText page, PageReader reader, Wish wish) {
        long first = 0;
        for (Partition partition : partitions) {
            first += positions.get(partition.number());
        }
        boolean moved = true;
        while (moved && !page.isFull() && !reader.isExhausted()) {
            moved = false;
            for (int i = 0; i < partitions.size() && !page.isFull(); i++) {
                Partition partition = partitions.get(Math.floorMod(first + i, partitions.size()));
                int room = wish.limits().records() - page.count();
                int share = Math.max(1, room / (partitions.size() - i));
                long before = positions.get(partition.number());
                long after = read(partition, before, page.count() + share, reader);
                positions.set(partition.number(), after);
                moved |= after != before;
            }
        }
    }

    private static long read(Partition partition, long offset, int maxCount, PageReader reader) {
        try {
            return reader.read(partition, offset, maxCount);
        } catch (NaruException e) {
            if (e.code() != ErrorCode.OFFSET_BELOW_LOG_START) {
                throw e;
            }
            var facts = new LinkedHashMap<String, Object>();
            facts.put("partition", partition.number());
            facts.putAll(e.properties());
            throw new NaruException(
                    e.code(),
                    "Offset %d of partition %d of topic '%s' is gone; the log starts at %d. Put %d:%d into the cursor to go on from there."
                            .formatted(
                                    offset,
                                    partition.number(),
                                    partition.topic(),
                                    partition.logStartOffset(),
                                    partition.number(),
                                    partition.logStartOffset()),
                    facts);
        }
    }

    private static Answer answer(Wish wish, List<Partition> partitions, Positions positions, PageText page) {
        String cursor = positions.toCursor().toString();
        var headers = new TreeMap<String, String>();
        boolean filtered = wish.filter().isSelective();
        if (wish.format().onOneLine()) {
            headers.put(Answer.CURSOR, cursor);
            if (filtered) {
                headers.put(Answer.SCANNED_TO, cursor);
            }
        }
        ByteSink body = page.end(json -> {
            json.writeText(",\"cursor\":\"" + cursor + '"');
            json.writeText(filtered ? ",\"scanned_to\":\"" + cursor + '"' : "");
            json.writeText(",\"high_watermark\":{");
            for (int i = 0; i < partitions.size(); i++) {
                Partition partition = partitions.get(i);
                json.writeText((i == 0 ? "\"" : ",\"") + partition.number() + "\":" + partition.highWatermark());
            }
            json.write('}');
        });
        return Answer.of(
                wish.format().onOneLine() ? MediaType.APPLICATION_NDJSON : MediaType.APPLICATION_JSON,
                body,
                page.count(),
                Map.copyOf(headers));
    }
}
