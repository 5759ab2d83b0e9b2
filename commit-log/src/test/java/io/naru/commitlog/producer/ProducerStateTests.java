package io.naru.commitlog.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.batch.ReservedIdentity;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProducerStateTests {
    private static final int LAST = Integer.MAX_VALUE;
    private static final ProducerLimits SMALL = new ProducerLimits(1000, 3, 500, 4);

    private final ProducerState state = new ProducerState(ProducerLimits.DEFAULT);
    private long nextOffset = 100;

    @Test
    void whoNamesNoProducerIsNotRemembered() {
        append(state, batch(-1, -1, -1, 5), 0);
        append(state, batch(-1, -1, -1, 5), 0);
        assertThat(state.producerCount()).isZero();
        assertThat(state.keyCount()).isZero();
    }

    @Test
    void whoNamesNoProducerCostsNoMemory() {
        append(state, batch(7, 0, 0, 5), 0);
        append(state, batch(key(1), 5), 0);
        RecordBatch anonymous = batch(-1, -1, -1, 5);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            if (state.check(anonymous, i) instanceof Verdict.Append) {
                state.appended(anonymous, i);
            }
        }
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    @Test
    void batchesInOrderAreAppended() {
        append(state, batch(7, 0, 0, 5), 0);
        append(state, batch(7, 0, 5, 1), 0);
        append(state, batch(8, 0, 0, 1), 0);
        append(state, batch(7, 0, 6, 2), 0);
        assertThat(state.producerCount()).isEqualTo(2);
    }

    @Test
    void eachOfTheLastFiveBatchesIsKnownAgain() {
        for (int i = 0; i < 7; i++) {
            append(state, batch(7, 0, i * 3, 3), 0);
        }
        for (int i = 2; i < 7; i++) {
            assertThat(check(batch(7, 0, i * 3, 3))).isEqualTo(new Verdict.Duplicate(100 + i * 3L, 102 + i * 3L, 1000));
        }
        assertThat(check(batch(7, 0, 3, 3))).isEqualTo(new Verdict.OutOfOrder(21));
        assertThat(check(batch(7, 0, 18, 2))).isEqualTo(new Verdict.OutOfOrder(21));
    }

    @Test
    void aGapIsOutOfOrder() {
        append(state, batch(7, 0, 0, 5), 0);
        assertThat(check(batch(7, 0, 6, 1))).isEqualTo(new Verdict.OutOfOrder(5));
        assertThat(check(batch(7, 0, 3, 4))).isEqualTo(new Verdict.OutOfOrder(5));
    }

    @Test
    void anOldEpochIsFencedAndANewOneBeginsAtZero() {
        append(state, batch(7, 2, 0, 5), 0);
        assertThat(check(batch(7, 1, 5, 1))).isEqualTo(new Verdict.Fenced((short) 2));
        assertThat(check(batch(7, 1, 0, 5))).isEqualTo(new Verdict.Fenced((short) 2));
        assertThat(check(batch(7, 3, 5, 1))).isEqualTo(new Verdict.OutOfOrder(0));
        append(state, batch(7, 3, 0, 1), 0);
        assertThat(check(batch(7, 2, 5, 1))).isEqualTo(new Verdict.Fenced((short) 3));
        assertThat(check(batch(7, 3, 0, 1))).isInstanceOf(Verdict.Duplicate.class);
        append(state, batch(7, 3, 1, 1), 0);
    }

    @Test
    void anUnknownProducerGoesOnWhereItIs() {
        append(state, batch(7, 4, 1234, 2), 0);
        assertThat(check(batch(7, 4, 1234, 2))).isInstanceOf(Verdict.Duplicate.class);
        append(state, batch(7, 4, 1236, 2), 0);
    }

    @Test
    void sequenceNumbersGoOnFromZeroAfterTheLargest() {
        append(state, batch(7, 0, LAST - 4, 3), 0);
        append(state, batch(7, 0, LAST - 1, 4), 0);
        assertThat(check(batch(7, 0, LAST - 1, 4)))
                .isEqualTo(new Verdict.Duplicate(nextOffset - 4, nextOffset - 1, 1000));
        assertThat(check(batch(7, 0, 1, 1))).isEqualTo(new Verdict.OutOfOrder(2));
        append(state, batch(7, 0, 2, 1), 0);
        append(state, batch(8, 0, LAST, 1), 0);
        append(state, batch(8, 0, 0, 1), 0);
    }

    @Test
    void aSilentProducerIsForgottenInTime() {
        ProducerState small = new ProducerState(SMALL);
        append(small, batch(7, 0, 0, 1), 0);
        assertThat(small.check(batch(7, 0, 5, 1), 1000)).isEqualTo(new Verdict.OutOfOrder(1));
        // Whoever asks is alive.
        assertThat(small.check(batch(7, 0, 5, 1), 2000)).isEqualTo(new Verdict.OutOfOrder(1));
        assertThat(small.check(batch(7, 0, 5, 1), 3001)).isEqualTo(Verdict.APPEND);
        assertThat(small.producerCount()).isZero();
    }

    @Test
    void aNewProducerIsRefusedWhileAllOthersMayRetry() {
        ProducerState few = new ProducerState(new ProducerLimits(Long.MAX_VALUE, 3, 500, 4));
        for (int id = 0; id < 3; id++) {
            append(few, batch(id, 0, 0, 1), 1000);
        }
        assertThat(few.check(batch(9, 0, 0, 1), 1000 + Producers.LONGEST_RETRY_MILLIS))
                .isEqualTo(new Verdict.TooManyProducers(3));
        append(few, batch(0, 0, 1, 1), 2000);
        append(few, batch(9, 0, 0, 1), 1001 + Producers.LONGEST_RETRY_MILLIS);
        assertThat(few.producerCount()).isEqualTo(3);
        assertThat(few.check(batch(0, 0, 7, 1), 2000)).isEqualTo(new Verdict.OutOfOrder(2));
        assertThat(few.check(batch(2, 0, 7, 1), 2000)).isEqualTo(new Verdict.OutOfOrder(1));
    }

    @Test
    void aKeyIsKnownAgainUntilItsTimeIsOver() {
        ProducerState small = new ProducerState(SMALL);
        append(small, batch(key(1), 3), 100);
        assertThat(small.check(batch(key(1), 3), 600)).isEqualTo(new Verdict.Duplicate(100, 102, 1000));
        assertThat(small.check(batch(key(1), 2), 600)).isEqualTo(new Verdict.Duplicate(100, 102, 1000));
        assertThat(small.check(batch(key(2), 3), 600)).isEqualTo(Verdict.APPEND);
        assertThat(small.check(batch(key(1), 3), 601)).isEqualTo(Verdict.APPEND);
        assertThat(small.keyCount()).isZero();
    }

    @Test
    void keysBeyondTheLimitAreRefusedUntilOneExpires() {
        ProducerState small = new ProducerState(SMALL);
        for (int i = 0; i < 4; i++) {
            append(small, batch(key(i), 1), i);
        }
        assertThat(small.check(batch(key(4), 1), 500)).isEqualTo(new Verdict.TooManyKeys(4));
        assertThat(small.check(batch(key(0), 1), 500)).isInstanceOf(Verdict.Duplicate.class);
        append(small, batch(key(4), 1), 501);
    }

    @Test
    void whatIsFoundInTheLogAgesFromTheFirstLookAtTheClock() {
        ProducerState small = new ProducerState(SMALL);
        find(small, batch(7, 0, 0, 1));
        find(small, batch(key(1), 1));
        small.expire(1_000_000);
        assertThat(small.check(batch(7, 0, 0, 1), 1_000_500)).isInstanceOf(Verdict.Duplicate.class);
        assertThat(small.check(batch(key(1), 1), 1_000_500)).isInstanceOf(Verdict.Duplicate.class);
        assertThat(small.check(batch(key(1), 1), 1_000_501)).isEqualTo(Verdict.APPEND);
    }

    @Test
    void ofMoreThanThereIsRoomForTheNewestAreFound() {
        ProducerState small = new ProducerState(SMALL);
        for (int i = 0; i < 20; i++) {
            find(small, batch(i, 0, 0, 1));
            find(small, batch(key(i), 1));
        }
        assertThat(small.producerCount()).isEqualTo(3);
        assertThat(small.keyCount()).isEqualTo(4);
        assertThat(small.check(batch(19, 0, 0, 1), 0)).isInstanceOf(Verdict.Duplicate.class);
        assertThat(small.check(batch(key(16), 1), 0)).isInstanceOf(Verdict.Duplicate.class);
        assertThat(small.check(batch(key(15), 1), 0)).isEqualTo(new Verdict.TooManyKeys(4));
    }

    @Test
    void identitiesAreReservedAndTellHashesApart() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            ReservedIdentity identity = ReservedIdentity.of(hash);
            assertThat(ReservedIdentity.isReserved(identity.id())).isTrue();
            assertThat(identity.sequence()).isNotNegative();
            for (int bit = 0; bit < ReservedIdentity.HASH_BYTES * 8; bit++) {
                boolean isFixed = bit < 2 || bit == 80;
                hash[bit / 8] ^= (byte) (0x80 >> bit % 8);
                assertThat(ReservedIdentity.of(hash).equals(identity)).isEqualTo(isFixed);
                hash[bit / 8] ^= (byte) (0x80 >> bit % 8);
            }
        }
        byte[] ones = new byte[ReservedIdentity.HASH_BYTES];
        Arrays.fill(ones, (byte) -1);
        assertThat(ReservedIdentity.of(ones).id()).isNotEqualTo(RecordBatch.NONE);
        assertThat(ReservedIdentity.isReserved(-1)).isFalse();
        assertThat(ReservedIdentity.isReserved(0)).isFalse();
        assertThatThrownBy(() -> new ReservedIdentity(5, (short) 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** The same questions to the state and to a list of all batches there ever were. */
    @Property(tries = 300)
    void isWhatAllBatchesTogetherSay(@ForAll long seed) {
        Random random = new Random(seed);
        ProducerState tested = new ProducerState(new ProducerLimits(50, 1000, 30, 1000));
        Model model = new Model();
        long now = 0;
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(4);
            RecordBatch asked = model.random(random);
            Verdict verdict = tested.check(asked, now);
            assertThat(verdict).isEqualTo(model.check(asked, now));
            if (verdict instanceof Verdict.Append) {
                asked.assign(i * 10L, 1);
                tested.appended(asked, now);
                model.appended(asked, now);
            }
            if (random.nextInt(20) == 0) {
                tested = copy(tested);
            }
        }
    }

    private static ProducerState copy(ProducerState state) {
        ByteBuffer producers = ByteBuffer.allocate(state.producerBytes());
        ByteBuffer keys = ByteBuffer.allocate(state.keyBytes());
        state.writeProducersTo(producers);
        state.writeKeysTo(keys);
        assertThat(producers.hasRemaining() || keys.hasRemaining()).isFalse();
        ProducerState copy = new ProducerState(new ProducerLimits(50, 1000, 30, 1000));
        copy.readProducersFrom(producers.flip(), state.producerCount());
        copy.readKeysFrom(keys.flip(), state.keyCount());
        return copy;
    }

    /** Everything that was appended, searched from the end. */
    private static final class Model {
        private record Known(RecordBatch batch, long since) {}

        private final List<Known> all = new ArrayList<>();
        private final Map<Long, Long> lastActive = new HashMap<>();

        RecordBatch random(Random random) {
            if (random.nextInt(3) == 0) {
                return batch(key(random.nextInt(12)), 1 + random.nextInt(2));
            }
            long id = random.nextInt(4);
            List<RecordBatch> own = all.stream()
                    .map(Known::batch)
                    .filter(b -> b.producerId() == id)
                    .toList();
            if (own.isEmpty()) {
                return batch(
                        id,
                        random.nextInt(2),
                        random.nextBoolean() ? 0 : LAST - random.nextInt(6),
                        1 + random.nextInt(3));
            }
            RecordBatch last = own.getLast();
            int next = last.baseSequence() + last.count() & LAST;
            return switch (random.nextInt(6)) {
                case 0 -> batch(id, last.producerEpoch() + random.nextInt(3) - 1, 0, 1);
                case 1 -> batch(id, last.producerEpoch(), next + 1 + random.nextInt(3) & LAST, 1);
                case 2 -> {
                    RecordBatch again = own.get(Math.max(0, own.size() - 1 - random.nextInt(7)));
                    yield batch(id, again.producerEpoch(), again.baseSequence(), again.count());
                }
                default -> batch(id, last.producerEpoch(), next, 1 + random.nextInt(3));
            };
        }

        Verdict check(RecordBatch asked, long now) {
            long id = asked.producerId();
            if (ReservedIdentity.isReserved(id)) {
                return all.stream()
                        .filter(known ->
                                now - known.since() <= 30 && known.batch().producerId() == id)
                        .map(known -> duplicate(known.batch()))
                        .findFirst()
                        .orElse(Verdict.APPEND);
            }
            Long active = lastActive.get(id);
            if (active == null || now - active > 50) {
                all.removeIf(known -> known.batch().producerId() == id);
                lastActive.remove(id);
                return Verdict.APPEND;
            }
            lastActive.put(id, now);
            List<RecordBatch> own = all.stream()
                    .map(Known::batch)
                    .filter(b -> b.producerId() == id)
                    .toList();
            RecordBatch last = own.getLast();
            if (asked.producerEpoch() < last.producerEpoch()) {
                return new Verdict.Fenced(last.producerEpoch());
            }
            if (asked.producerEpoch() > last.producerEpoch()) {
                return asked.baseSequence() == 0 ? Verdict.APPEND : new Verdict.OutOfOrder(0);
            }
            List<RecordBatch> same = own.stream()
                    .filter(b -> b.producerEpoch() == last.producerEpoch())
                    .toList();
            int expected = last.baseSequence() + last.count() & LAST;
            return same.subList(Math.max(0, same.size() - 5), same.size()).stream()
                    .filter(b -> b.baseSequence() == asked.baseSequence() && b.count() == asked.count())
                    .map(Model::duplicate)
                    .findFirst()
                    .orElse(asked.baseSequence() == expected ? Verdict.APPEND : new Verdict.OutOfOrder(expected));
        }

        void appended(RecordBatch batch, long now) {
            all.add(new Known(batch, now));
            lastActive.put(batch.producerId(), now);
        }

        private static Verdict duplicate(RecordBatch batch) {
            return new Verdict.Duplicate(batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp());
        }
    }

    private Verdict check(RecordBatch batch) {
        return state.check(batch, 0);
    }

    private void append(ProducerState to, RecordBatch batch, long nowMillis) {
        assertThat(to.check(batch, nowMillis)).isEqualTo(Verdict.APPEND);
        batch.assign(nextOffset, 1);
        nextOffset += batch.count();
        to.appended(batch, nowMillis);
    }

    private void find(ProducerState in, RecordBatch batch) {
        batch.assign(nextOffset, 1);
        nextOffset += batch.count();
        in.found(batch);
    }

    private static ReservedIdentity key(int number) {
        byte[] hash = new byte[32];
        new Random(number).nextBytes(hash);
        return ReservedIdentity.of(hash);
    }

    private static RecordBatch batch(ReservedIdentity identity, int records) {
        return batch(identity.id(), identity.epoch(), identity.sequence(), records);
    }

    private static RecordBatch batch(long id, int epoch, int sequence, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(10_000);
        for (int i = 0; i < records; i++) {
            builder.tryAppend(1000, null, 0, -1, new byte[1], 0, 1, RecordHeaders.NONE);
        }
        builder.producer(id, (short) epoch, sequence);
        return RecordBatch.of(builder.build(Codec.NONE));
    }
}
