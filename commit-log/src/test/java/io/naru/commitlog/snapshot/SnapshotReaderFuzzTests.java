package io.naru.commitlog.snapshot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.ProducerState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes stand where a snapshot should: it is one, or it is damaged. */
class SnapshotReaderFuzzTests {
    private static final int CRC_BYTES = 4;

    static Stream<Arguments> snapshots() {
        ByteBuffer bytes = LogSnapshot.encode(
                        7, 100, EpochHistory.EMPTY.with(1, 0).with(3, 5), new ProducerState(ProducerLimits.DEFAULT))
                .bytes();
        return Stream.of(Arguments.of((Object) Arrays.copyOf(bytes.array(), bytes.limit())));
    }

    /** The checksum always fits, so that it is the content that is read. */
    @MethodSource("snapshots")
    @FuzzTest(maxDuration = "10m")
    void bytesAreASnapshotOrDamaged(byte[] bytes) {
        if (bytes.length >= CRC_BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - CRC_BYTES);
            ByteBuffer.wrap(bytes).putInt(bytes.length - CRC_BYTES, (int) crc.getValue());
        }
        try {
            LogSnapshot.decode(ByteBuffer.wrap(bytes), ProducerLimits.DEFAULT);
        } catch (DamagedSnapshotException _) {
            // As it should be.
        }
    }
}
