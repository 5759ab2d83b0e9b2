package io.naru.broker.api.v1.produce;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonBuffer;
import io.naru.broker.partition.Appended;
import io.naru.cluster.NaruException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells, record by record in the order of the request, what became of settled batches. Used by one thread. */
final class Receipts {
    /** Room for one receipt, generously. */
    static final int BYTES_EACH = 72;

    private final BatchAssembler records;
    private final int[] told;
    private int next;

    Receipts(BatchAssembler records) {
        this.records = records;
        this.told = new int[records.batches().size()];
    }

    /** Whether every record is stored. */
    static boolean areAllStored(List<Batch> batches) {
        for (Batch batch : batches) {
            if (batch.count() > 0 && !batch.isStored()) {
                return false;
            }
        }
        return true;
    }

    /** The failure that all batches share, or null if some is stored or their failures differ. */
    static @Nullable NaruException commonFailure(List<Batch> batches) {
        NaruException common = null;
        for (Batch batch : batches) {
            if (batch.count() == 0) {
                continue;
            }
            if (!(batch.outcome() instanceof Batch.Outcome.Failed(NaruException why))
                    || (common != null && common.code() != why.code())) {
                return null;
            }
            common = why;
        }
        return common;
    }

    /**
     * Writes the fields of the next record's receipt, or of its problem, into an object that the caller has begun.
     *
     * @return whether the record is stored
     */
    boolean writeNext(JsonBuffer json) {
        int index = next++;
        int at = records.batchOf(index);
        Batch batch = records.batches().get(at);
        int position = told[at]++;
        return switch (batch.outcome()) {
            case Batch.Outcome.Stored(Appended appended) -> {
                long timestamp = appended.logAppendTime() >= 0 ? appended.logAppendTime() : records.timestampOf(index);
                write(json, batch.partition(), appended.baseOffset() + position, timestamp);
                yield true;
            }
            case Batch.Outcome.Repeated repeated -> {
                write(json, batch.partition(), repeated.at().baseOffset() + position, repeated.timestamp(position));
                yield true;
            }
            case Batch.Outcome.Failed(NaruException why) -> {
                Problem.of(why).writeFieldsTo(json, true);
                yield false;
            }
            case null -> throw new IllegalStateException("a batch is told of before it is settled");
        };
    }

    private static void write(JsonBuffer json, int partition, long offset, long timestamp) {
        json.field("partition", partition).field("offset", offset).field("timestamp", timestamp);
    }

    /** The whole body of an answer to a request that was not streamed. */
    static JsonBuffer toBody(BatchAssembler records) {
        var receipts = new Receipts(records);
        var json = new JsonBuffer(16 + BYTES_EACH * records.count());
        json.beginObject().field("offsets").beginArray();
        for (int i = 0; i < records.count(); i++) {
            json.beginObject();
            receipts.writeNext(json);
            json.endObject();
        }
        return json.endArray().endObject();
    }
}
