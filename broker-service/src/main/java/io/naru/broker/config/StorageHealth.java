package io.naru.broker.config;

import io.naru.commitlog.FreeSpace;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.RecoveryProgress;
import io.naru.commitlog.disk.Space;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * How the data directory fares, under {@code components.storage}. A disk that takes no more writes still serves reads,
 * and neither a restart nor less traffic would mend it: so it makes this component {@code DEGRADED}, and leaves the
 * health of the broker as a whole what it is.
 */
final class StorageHealth implements HealthIndicator {
    /** Not in order, but of use. */
    static final Status DEGRADED = new Status("DEGRADED");

    private final LogDirectory directory;

    StorageHealth(LogDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Health health() {
        Map<String, Object> details = new LinkedHashMap<>();
        FreeSpace room = directory.space();
        Space space = room.space();
        boolean full = room.isRefusing() || space.usableBytes() < room.floorBytes();
        details.put("path", directory.path().toString());
        details.put("total_bytes", space.totalBytes());
        details.put("usable_bytes", space.usableBytes());
        details.put("min_free_bytes", room.floorBytes());
        RecoveryProgress recovery = directory.recoveryProgress();
        if (recovery.running()) {
            details.put("recovering", recovery.toString());
        }
        if (full) {
            details.put(
                    "problem",
                    "The disk has %d bytes left, and log.min.free.bytes keeps %d free: writes are refused until space returns."
                            .formatted(space.usableBytes(), room.floorBytes()));
        }
        return Health.status(full ? DEGRADED : Status.UP)
                .withDetail("directories", List.of(details))
                .build();
    }
}
