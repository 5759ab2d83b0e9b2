package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.broker.testing.Batches;
import io.naru.broker.testing.Batches.Entry;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.batch.ReservedIdentity;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a batch that is appended again. */
@Timeout(60)
class IdempotentAppendTests {
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());
    private static final ProducerLimits LIMITS = new ProducerLimits(86_400_000, 2, 3_600_000, 2);

    private final FaultyDisk disk = new FaultyDisk(5);
    private final ThreadTimers timers = new ThreadTimers();
    private LocalPartitions partitions;
    private LogDirectory directory;
    private PartitionHost host;

    @BeforeEach
    void start() throws IOException {
        directory = LogDirectory.open(disk, Path.of("/data"), 0, LIMITS);
        partitions = new LocalPartitions();
        host = new PartitionHost(
                new PartitionHost.Settings(1, 1, 1 << 20, Duration.ofHours(1), Map.of()),
                directory,
                partitions,
                timers,
                Clock.systemUTC());
        host.apply(ClusterImage.EMPTY.apply(
                List.of(
                        new MetadataRecord.TopicCreated(ORDERS, "orders", Map.of()),
                        new MetadataRecord.PartitionCreated(ORDERS, 0, List.of(1), List.of(1), 1, 0)),
                1));
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        directory.close();
        timers.close();
    }

    @Test
    void aDuplicateIsAnsweredWithThePlaceOfTheOriginal() {
        Appended first = append(produced(7, 0, 0, 2), Acks.ALL).join();
        Batches.append(orders(), "between");
        Appended again = append(produced(7, 0, 0, 2), Acks.ALL).join();
        assertThat(first).isEqualTo(new Appended(0, 1, -1, false));
        assertThat(again).isEqualTo(new Appended(0, 1, Batches.TIME, true));
        assertThat(orders().logEndOffset()).isEqualTo(3);
    }

    @Test
    void aDuplicateWaitsForTheOriginalToBeSafeWhateverTheAcks() {
        Appended stored = append(keyed(1), Acks.ALL).join();
        CompletableFuture<Appended> original;
        CompletableFuture<Appended> duplicate;
        CompletableFuture<Appended> later;
        try (FaultyDisk.Stall stall = disk.stall(Operation.FORCE, 1)) {
            original = append(keyed(2), Acks.ALL);
            await().until(stall::isReached);
            later = append(Batches.batch(Codec.NONE, List.of(Entry.of(null, "later"))), Acks.ALL);
            duplicate = append(keyed(2), Acks.LEADER);
            // What was safe before need not wait; and it was posted last, so the others have been looked at.
            assertThat(append(keyed(1), Acks.ALL).join().baseOffset()).isEqualTo(stored.baseOffset());
            assertThat(original).isNotDone();
            assertThat(duplicate).isNotDone();
            assertThat(later).isNotDone();
        }
        assertThat(duplicate.join().baseOffset()).isEqualTo(original.join().baseOffset());
        assertThat(duplicate.join().isDuplicate()).isTrue();
        assertThat(later.join().baseOffset()).isEqualTo(2);
    }

    @Test
    void aDuplicateOfWhatTheDiskDidNotConfirmIsUnconfirmedToo() {
        disk.fail(Operation.FORCE, 1);
        CompletableFuture<Appended> original;
        CompletableFuture<Appended> duplicate;
        try (FaultyDisk.Stall stall = disk.stall(Operation.FORCE, 1)) {
            original = append(keyed(1), Acks.ALL);
            await().until(stall::isReached);
            duplicate = append(keyed(1), Acks.ALL);
        }
        assertThat(failureOf(original)).isEqualTo(ErrorCode.UNCONFIRMED);
        assertThat(failureOf(duplicate)).isIn(ErrorCode.UNCONFIRMED, ErrorCode.STORAGE_FAILED);
    }

    @Test
    void aGapAndAnOldEpochAreRefused() {
        append(produced(7, 1, 0, 2), Acks.ALL).join();
        assertThat(failureOf(append(produced(7, 1, 5, 1), Acks.ALL))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE);
        assertThat(failureOf(append(produced(7, 0, 2, 1), Acks.ALL))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(orders().logEndOffset()).isEqualTo(2);
    }

    @Test
    void moreProducersAndKeysThanAreRememberedAreRefused() {
        for (int i = 0; i < 2; i++) {
            append(produced(i, 0, 0, 1), Acks.ALL).join();
            append(keyed(i), Acks.ALL).join();
        }
        assertThat(failureOf(append(produced(2, 0, 0, 1), Acks.ALL))).isEqualTo(ErrorCode.TOO_MANY_PRODUCERS);
        assertThat(failureOf(append(keyed(2), Acks.ALL))).isEqualTo(ErrorCode.TOO_MANY_IDEMPOTENCY_KEYS);
        assertThat(append(keyed(1), Acks.ALL).join().isDuplicate()).isTrue();
        assertThat(Batches.append(orders(), "anonymous")).isEqualTo(4);
    }

    @Test
    void aRestartAndAKillForgetNothing() throws IOException {
        append(produced(7, 0, 0, 2), Acks.ALL).join();
        append(keyed(1), Acks.ALL).join();
        stopAndStart();
        assertThat(append(produced(7, 0, 0, 2), Acks.ALL).join()).isEqualTo(new Appended(0, 1, Batches.TIME, true));
        append(keyed(2), Acks.ALL).join();
        for (Crash how : Crash.values()) {
            disk.crash(how);
            host.close();
            start();
            assertThat(append(keyed(1), Acks.ALL).join().baseOffset()).isEqualTo(2);
            assertThat(append(keyed(2), Acks.ALL).join().baseOffset()).isEqualTo(3);
            assertThat(append(produced(7, 0, 0, 2), Acks.ALL).join().isDuplicate())
                    .isTrue();
            assertThat(failureOf(append(produced(7, 0, 3, 1), Acks.ALL))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE);
        }
    }

    private void stopAndStart() throws IOException {
        host.close();
        directory.close();
        start();
    }

    private Partition orders() {
        return partitions.partition("orders", 0);
    }

    private CompletableFuture<Appended> append(ByteBuffer batch, Acks acks) {
        return orders().append(batch, acks).toCompletableFuture();
    }

    private static ErrorCode failureOf(CompletableFuture<Appended> append) {
        try {
            throw new AssertionError("succeeded with " + append.join());
        } catch (CompletionException e) {
            return ((NaruException) e.getCause()).code();
        }
    }

    private static ByteBuffer keyed(int number) {
        byte[] hash = new byte[ReservedIdentity.HASH_BYTES];
        new Random(number).nextBytes(hash);
        ReservedIdentity identity = ReservedIdentity.of(hash);
        return produced(identity.id(), identity.epoch(), identity.sequence(), 1);
    }

    private static ByteBuffer produced(long producerId, int epoch, int sequence, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(10_000);
        for (int i = 0; i < records; i++) {
            builder.tryAppend(Batches.TIME, null, 0, -1, new byte[] {1}, 0, 1, RecordHeaders.NONE);
        }
        builder.producer(producerId, (short) epoch, sequence);
        return builder.build(Codec.NONE);
    }
}
