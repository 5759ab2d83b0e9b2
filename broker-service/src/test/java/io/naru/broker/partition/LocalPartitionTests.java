package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalPartitionTests {
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());
    private static final long NOW = 1_700_000_000_000L;
    private static final Duration RETENTION_CHECK = Duration.ofMillis(20);

    @TempDir
    private Path root;

    private final ThreadTimers timers = new ThreadTimers();
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong now = new AtomicLong(NOW);
    private LocalPartitions partitions = new LocalPartitions();
    private ClusterImage image = ClusterImage.EMPTY;
    private LogDirectory directory;
    private PartitionHost host;

    @BeforeEach
    void start() throws IOException {
        start(64 << 20);
    }

    private void start(long budget) throws IOException {
        directory = LogDirectory.open(new FileSystemDisk(), root);
        partitions = new LocalPartitions();
        host = new PartitionHost(
                new PartitionHost.Settings(1, 2, budget, RETENTION_CHECK, Map.of()),
                directory,
                partitions,
                timers,
                () -> Instant.ofEpochMilli(now.get()));
        if (image.version() > 0) {
            host.apply(image);
        }
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        directory.close();
        timers.close();
    }

    private void apply(MetadataRecord... records) {
        image = image.apply(List.of(records), version.incrementAndGet());
        host.apply(image);
    }

    private void createOrders(Map<String, String> configs, int leader) {
        apply(
                new MetadataRecord.TopicCreated(ORDERS, "orders", configs),
                new MetadataRecord.PartitionCreated(ORDERS, 0, List.of(1), List.of(1), leader, 0));
    }

    private Partition orders() {
        return partitions.partition("orders", 0);
    }

    private static ByteBuffer batch(String... values) {
        var builder = new RecordBatchBuilder(1 << 20);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            assertThat(builder.tryAppend(NOW - 1000, bytes, 0, -1, bytes, 0, bytes.length, RecordHeaders.NONE))
                    .isTrue();
        }
        return builder.build(Codec.NONE);
    }

    private static List<String> values(Partition partition) throws IOException {
        var values = new ArrayList<String>();
        long offset = partition.logStartOffset();
        while (offset < partition.highWatermark()) {
            var cursor = new RecordCursor(
                    ByteBuffer.wrap(partition.read(offset, 1 << 20).readBytes()));
            while (cursor.next()) {
                values.add(
                        new String(cursor.array(), cursor.valueOffset(), cursor.valueLength(), StandardCharsets.UTF_8));
                offset = cursor.offset() + 1;
            }
        }
        return values;
    }

    private static NaruException failure(java.util.concurrent.CompletionStage<?> stage) throws InterruptedException {
        try {
            Object value = stage.toCompletableFuture().get();
            throw new AssertionError("succeeded with " + value);
        } catch (ExecutionException e) {
            return (NaruException) e.getCause();
        }
    }

    @Test
    void whatIsAcknowledgedCanBeReadAtOnceAndAfterARestart() throws Exception {
        createOrders(Map.of(), 1);
        var first =
                orders().append(batch("a", "b"), Acks.ALL).toCompletableFuture().get();
        assertThat(first).isEqualTo(new Appended(0, 1, -1));
        assertThat(orders().highWatermark()).isEqualTo(2);
        var second =
                orders().append(batch("c"), Acks.LEADER).toCompletableFuture().get();
        assertThat(second).isEqualTo(new Appended(2, 2, -1));
        await().until(() -> orders().highWatermark() == 3);
        assertThat(values(orders())).containsExactly("a", "b", "c");

        host.close();
        directory.close();
        start(64 << 20);
        await().until(() -> orders().highWatermark() == 3);
        assertThat(values(orders())).containsExactly("a", "b", "c");
    }

    @Test
    void manyWritersGetEachTheirOwnOffsetsInTheOrderTheyAppeared() throws Exception {
        createOrders(Map.of(), 1);
        int writers = 8;
        int each = 200;
        var threads = new ArrayList<Thread>();
        var acknowledged = new String[writers * each];
        for (int w = 0; w < writers; w++) {
            int writer = w;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < each; i++) {
                    String value = writer + ":" + i;
                    var stored = orders().append(batch(value), Acks.ALL)
                            .toCompletableFuture()
                            .join();
                    acknowledged[(int) stored.baseOffset()] = value;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(values(orders())).isEqualTo(Arrays.asList(acknowledged));
    }

    @Test
    void listenersHearOfAdvancesUntilTheyLeave() throws Exception {
        createOrders(Map.of(), 1);
        var heard = new AtomicInteger();
        Subscription subscription = orders().onAdvance(heard::incrementAndGet);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        await().until(() -> heard.get() == 1);
        subscription.close();
        orders().append(batch("b"), Acks.ALL).toCompletableFuture().get();
        orders().append(batch("c"), Acks.ALL).toCompletableFuture().get();
        assertThat(heard).hasValue(1);
    }

    @Test
    void withoutALeaderNothingIsTakenAndOldAndNewEpochsBothWork() throws Exception {
        createOrders(Map.of(), MetadataRecord.NO_LEADER);
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(this::orders)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LEADER_UNAVAILABLE));

        apply(new MetadataRecord.PartitionChanged(ORDERS, 0, List.of(1), 1, 1, 1));
        await().untilAsserted(this::orders);
        Partition held = orders();
        held.append(batch("a"), Acks.ALL).toCompletableFuture().get();
        apply(new MetadataRecord.PartitionChanged(ORDERS, 0, List.of(1), MetadataRecord.NO_LEADER, 2, 2));
        assertThat(failure(held.append(batch("b"), Acks.ALL)).code()).isEqualTo(ErrorCode.LEADER_UNAVAILABLE);
        apply(new MetadataRecord.PartitionChanged(ORDERS, 0, List.of(1), 1, 3, 3));
        held.append(batch("c"), Acks.ALL).toCompletableFuture().get();
        assertThat(values(held)).containsExactly("a", "c");
    }

    @Test
    void lookupsSayWhatIsMissing() {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(this::orders)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
        createOrders(Map.of(), 1);
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> partitions.partition("other", 0))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
        for (int number : new int[] {-1, 1, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(() -> partitions.partition("orders", number))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND));
        }
        assertThat(partitions.partitionCount("orders")).isOne();
        assertThat(partitions.held("orders")).hasSize(1);
        assertThat(partitions.held("other")).isEmpty();
    }

    @Test
    void readingOutsideTheLogNamesItsBounds() throws Exception {
        createOrders(Map.of(), 1);
        orders().append(batch("a", "b"), Acks.ALL).toCompletableFuture().get();
        assertThat(orders().read(2, 100).isEmpty()).isTrue();
        assertThatThrownBy(() -> orders().read(3, 100)).isInstanceOfSatisfying(NaruException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_ABOVE_LOG_END);
            assertThat(e.properties()).containsEntry("log_start_offset", 0L).containsEntry("high_watermark", 2L);
        });
        assertThatThrownBy(() -> orders().read(-1, 100))
                .isInstanceOfSatisfying(
                        NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_BELOW_LOG_START));
    }

    @Test
    void timesAreLookedUpBelowTheHighWatermark() throws Exception {
        createOrders(Map.of(), 1);
        assertThat(orders().offsetAt(0)).isEmpty();
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        assertThat(orders().offsetAt(NOW - 1000)).hasValue(0);
        assertThat(orders().offsetAt(NOW)).isEmpty();
    }

    @Test
    void logAppendTimeReplacesTheRecordsOwn() throws Exception {
        createOrders(Map.of("message.timestamp.type", "LogAppendTime"), 1);
        var stored = orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        assertThat(stored.logAppendTime()).isEqualTo(NOW);
        var cursor = new RecordCursor(ByteBuffer.wrap(orders().read(0, 1000).readBytes()));
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.timestamp()).isEqualTo(NOW);
    }

    @Test
    void unforcedTopicsAcknowledgeAtOnceAndAreForcedInTime() throws Exception {
        createOrders(Map.of("flush.messages", "1000000", "flush.ms", "5"), 1);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        assertThat(orders().highWatermark()).isOne();
        var log = directory.openLog("orders/0-" + ORDERS, orders().settings().log());
        await().until(() -> log.forcedEndOffset() == 1);
    }

    @Test
    void switchingToForcedModeForcesWhatWasAcknowledgedBefore() throws Exception {
        createOrders(Map.of("flush.messages", "1000000"), 1);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        var log = directory.openLog("orders/0-" + ORDERS, orders().settings().log());
        apply(new MetadataRecord.TopicConfigChanged(ORDERS, "flush.messages", "1"));
        await().until(() -> log.forcedEndOffset() == 1);
        orders().append(batch("b"), Acks.ALL).toCompletableFuture().get();
        assertThat(log.forcedEndOffset()).isEqualTo(2);
    }

    @Test
    void anOlderImageIsNotActedOn() {
        createOrders(Map.of(), 1);
        assertThatThrownBy(() -> host.apply(ClusterImage.EMPTY)).isInstanceOf(IllegalArgumentException.class);
        assertThat(orders().logEndOffset()).isZero();
    }

    @Test
    void anAppendThatFailsUnexpectedlyIsAnsweredAndGivesItsBytesBack() throws Exception {
        createOrders(Map.of(), 1);
        var nonsense = ByteBuffer.allocate(100);
        assertThat(failure(orders().append(nonsense, Acks.ALL)).code()).isEqualTo(ErrorCode.INTERNAL);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        assertThat(values(orders())).containsExactly("a");
    }

    @Test
    void aDeletedTopicsLogGoesAndANamesakeStartsEmpty() throws Exception {
        createOrders(Map.of(), 1);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        Partition old = orders();
        var heard = new CompletableFuture<Boolean>();
        old.onAdvance(() -> heard.complete(true));
        apply(new MetadataRecord.TopicDeleted(ORDERS));
        assertThat(heard).isCompleted();
        assertThat(directory.logNames()).isEmpty();
        assertThat(failure(old.append(batch("b"), Acks.ALL)).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);

        var again = new TopicId(UUID.randomUUID());
        apply(
                new MetadataRecord.TopicCreated(again, "orders", Map.of()),
                new MetadataRecord.PartitionCreated(again, 0, List.of(1), List.of(1), 1, 0));
        assertThat(orders().logEndOffset()).isZero();
    }

    @Test
    void recordsThatAreTooOldAreDeletedThoughNobodyWritesAnyMore() throws Exception {
        createOrders(Map.of("retention.ms", "60000", "file.delete.delay.ms", "0"), 1);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        orders().append(batch("b"), Acks.ALL).toCompletableFuture().get();
        now.set(NOW + 58_000);
        assertThat(values(orders())).containsExactly("a", "b");
        now.set(NOW + 59_001);
        await().until(() -> orders().logStartOffset() == 2);
        assertThat(values(orders())).isEmpty();
        assertThat(orders().segmentCount()).isEqualTo(1);
        assertThat(orders().append(batch("c"), Acks.ALL)
                        .toCompletableFuture()
                        .get()
                        .baseOffset())
                .isEqualTo(2);
    }

    @Test
    void aTopicKeepsNoMoreThanItsSize() throws Exception {
        createOrders(Map.of("retention.bytes", "20000", "segment.bytes", "16384"), 1);
        for (int i = 0; i < 10; i++) {
            orders().append(batch("x".repeat(9_000)), Acks.ALL)
                    .toCompletableFuture()
                    .get();
        }
        await().until(() -> orders().sizeInBytes() < 30_000);
        assertThat(orders().logStartOffset()).isEqualTo(7);
        assertThat(orders().logEndOffset()).isEqualTo(10);
    }

    @Test
    void whatIsKeptFollowsTheConfigs() throws Exception {
        createOrders(Map.of("retention.ms", "-1"), 1);
        orders().append(batch("a"), Acks.ALL).toCompletableFuture().get();
        now.set(Long.MAX_VALUE / 2);
        apply(new MetadataRecord.TopicConfigChanged(ORDERS, "retention.ms", "1000"));
        await().until(() -> orders().logStartOffset() == 1);
    }

    @Test
    void deletingRecordsNeedsAnOffsetThatIsAcknowledgedAndALeader() throws Exception {
        createOrders(Map.of(), 1);
        orders().append(batch("a", "b", "c"), Acks.ALL).toCompletableFuture().get();
        Partition held = orders();
        assertThat(failure(held.deleteBefore(4)).code()).isEqualTo(ErrorCode.OFFSET_ABOVE_HIGH_WATERMARK);
        assertThat(held.deleteBefore(2).toCompletableFuture().get()).isEqualTo(2);
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> held.read(1, 100))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_BELOW_LOG_START));
        apply(new MetadataRecord.PartitionChanged(ORDERS, 0, List.of(1), MetadataRecord.NO_LEADER, 1, 1));
        assertThat(failure(held.deleteBefore(3)).code()).isEqualTo(ErrorCode.LEADER_UNAVAILABLE);
        host.close();
        assertThat(failure(held.deleteBefore(3)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void aTopicDeletedWhileTheBrokerWasAwayIsRemovedByTheFirstImage() throws Exception {
        createOrders(Map.of(), 1);
        host.close();
        directory.close();
        image = image.apply(List.of(new MetadataRecord.TopicDeleted(ORDERS)), version.incrementAndGet());
        start(64 << 20);
        assertThat(directory.logNames()).isEmpty();
    }

    @Test
    void writersBeyondTheBudgetAreTurnedAway() throws Exception {
        host.close();
        directory.close();
        start(100);
        createOrders(Map.of(), 1);
        var outcomes = new ArrayList<CompletableFuture<Appended>>();
        for (int i = 0; i < 1000; i++) {
            outcomes.add(orders().append(batch("x".repeat(60)), Acks.ALL).toCompletableFuture());
        }
        int stored = 0;
        for (CompletableFuture<Appended> outcome : outcomes) {
            try {
                outcome.get(30, java.util.concurrent.TimeUnit.SECONDS);
                stored++;
            } catch (ExecutionException e) {
                assertThat(((NaruException) e.getCause()).code()).isEqualTo(ErrorCode.OVERLOADED);
            }
        }
        assertThat(stored).isBetween(1, 999);
        assertThat(values(orders())).hasSize(stored);
        orders().append(batch("y"), Acks.ALL).toCompletableFuture().get();
    }

    @Test
    void tellsReadersWhyNothingCanBeReadAnyMore() {
        createOrders(Map.of(), 1);
        Partition partition = orders();
        var told = new AtomicInteger();
        partition.onAdvance(told::incrementAndGet);
        partition.append(batch("a"), Acks.ALL).toCompletableFuture().join();
        await().until(() -> told.get() == 1);

        apply(new MetadataRecord.TopicDeleted(ORDERS));

        assertThat(told).hasValue(2);
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> partition.read(0, 100))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> partition.offsetAt(0))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
    }

    @Test
    void afterTheCloseAppendsAndLookupsAreToldSo() throws Exception {
        createOrders(Map.of(), 1);
        Partition held = orders();
        host.close();
        assertThat(failure(held.append(batch("a"), Acks.ALL)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(this::orders)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }
}
