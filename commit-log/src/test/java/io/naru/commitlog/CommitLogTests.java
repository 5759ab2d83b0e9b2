package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.InMemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLogTests {
    private static final LogConfig CONFIG = new LogConfig(1024, Long.MAX_VALUE, 128);

    @TempDir
    Path temporary;

    @Test
    void readsBackWhatWasAppendedAcrossSegments() throws IOException {
        try (LogDirectory directory = LogDirectory.open(new InMemoryDisk(), Path.of("/data"))) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            for (int i = 0; i < 100; i++) {
                assertThat(log.append(batch("value " + i), 7, 1000).baseOffset())
                        .isEqualTo(i);
            }
            assertThat(log.segmentCount()).isGreaterThan(5);
            assertThat(values(log, 0)).hasSize(100).startsWith("value 0").endsWith("value 99");
            assertThat(values(log, 42)).startsWith("value 42");
        }
    }

    @Test
    void keepsRecordsOverACleanRestart() throws IOException {
        Disk disk = new FileSystemDisk();
        try (LogDirectory directory = LogDirectory.open(disk, temporary)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            for (int i = 0; i < 30; i++) {
                log.append(batch("value " + i), 7, 1000);
            }
        }
        try (LogDirectory directory = LogDirectory.open(disk, temporary)) {
            assertThat(directory.startedClean()).isTrue();
            assertThat(directory.logNames()).containsExactly("orders/0");
            assertThat(values(directory.openLog("orders/0", CONFIG), 0))
                    .hasSize(30)
                    .endsWith("value 29");
        }
    }

    @Test
    void refusesOffsetsItDoesNotHave() throws IOException {
        try (LogDirectory directory = LogDirectory.open(new InMemoryDisk(), Path.of("/data"))) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            log.append(batch("value"), 7, 1000);
            assertThat(log.read(1, 100, 1).isEmpty()).isTrue();
            assertThatThrownBy(() -> log.read(2, 100, 2)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void groupCommitTellsHowFarTheDiskIs() throws IOException {
        try (LogDirectory directory = LogDirectory.open(new FileSystemDisk(), temporary)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            log.append(batch("value"), 7, 1000);
            CompletableFuture<Long> forced = new CompletableFuture<>();
            directory.groupCommit().request(log, new ForceListener() {
                @Override
                public void forced(CommitLog which, long forcedEndOffset) {
                    forced.complete(forcedEndOffset);
                }

                @Override
                public void failed(CommitLog which, IOException cause) {
                    forced.completeExceptionally(cause);
                }
            });
            assertThat(forced.join()).isEqualTo(1);
            assertThat(log.forcedEndOffset()).isEqualTo(1);
        }
    }

    private static ByteBuffer batch(String value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 16);
        byte[] bytes = value.getBytes();
        assertThat(builder.tryAppend(1000, null, 0, -1, bytes, 0, bytes.length, RecordHeaders.NONE))
                .isTrue();
        return builder.build(Codec.NONE);
    }

    private static List<String> values(CommitLog log, long from) throws IOException {
        List<String> values = new ArrayList<>();
        long offset = from;
        while (offset < log.logEndOffset()) {
            RecordCursor cursor = new RecordCursor(
                    ByteBuffer.wrap(log.read(offset, 300, Long.MAX_VALUE).readBytes()));
            while (cursor.next()) {
                values.add(new String(cursor.array(), cursor.valueOffset(), cursor.valueLength()));
                assertThat(cursor.offset()).isEqualTo(offset++);
            }
        }
        return values;
    }
}
