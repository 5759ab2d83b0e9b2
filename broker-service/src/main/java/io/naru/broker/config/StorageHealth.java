package io.naru.broker.config;

import io.naru.commitlog.FreeSpace;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.RecoveryProgress;
import io.naru.commitlog.Scrubber;
import io.naru.commitlog.damage.Damage;
import io.naru.commitlog.disk.Space;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * How the data directories fare, under {@code components.storage}. A disk that takes no more writes still serves reads, and
 * neither a restart nor less traffic would mend it, nor one that is missing: so this makes the component {@code DEGRADED}, and
 * leaves the health of the broker as a whole what it is.
 */
final class StorageHealth implements HealthIndicator {
    /** Not in order, but of use. */
    static final Status DEGRADED = new Status("DEGRADED");

    /** Most places of damage that are told of here; the description of a partition has all of its own. */
    private static final int MOST_DAMAGES = 20;

    private final LogDirectories directories;

    StorageHealth(LogDirectories directories) {
        this.directories = directories;
    }

    @Override
    public Health health() {
        List<Map<String, Object>> all = new ArrayList<>();
        directories.online().forEach(directory -> all.add(online(directory)));
        directories.offline().forEach((path, reason) -> {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("path", path.toString());
            details.put("problem", "Offline: " + reason);
            all.add(details);
        });
        directories.missing().forEach((id, path) -> {
            if (!directories.offline().containsKey(path)) {
                Map<String, Object> details = new LinkedHashMap<>();
                details.put("path", path.toString());
                details.put(
                        "problem", "Missing: directory " + id + ", which was here before; log.dirs does not name it");
                all.add(details);
            }
        });
        boolean degraded = all.stream().anyMatch(details -> details.containsKey("problem"));
        return Health.status(degraded ? DEGRADED : Status.UP)
                .withDetail("directories", all)
                .build();
    }

    private static Map<String, Object> online(LogDirectory directory) {
        Map<String, Object> details = new LinkedHashMap<>();
        FreeSpace room = directory.space();
        Space space = room.space();
        details.put("path", directory.path().toString());
        details.put("id", directory.directoryId().toString());
        details.put("total_bytes", space.totalBytes());
        details.put("usable_bytes", space.usableBytes());
        details.put("min_free_bytes", room.floorBytes());
        RecoveryProgress recovery = directory.recoveryProgress();
        if (recovery.running()) {
            details.put("recovering", recovery.toString());
        }
        Scrubber.Progress scrub = directory.scrubber().progress();
        Instant scrubbed = scrub.lastPassEnded();
        if (scrubbed != null) {
            details.put("scrubbed_at", scrubbed.toString());
        }
        List<Damage> damages = directory.damages().all();
        if (!damages.isEmpty()) {
            details.put(
                    "damages",
                    damages.stream()
                            .limit(MOST_DAMAGES)
                            .map(StorageHealth::text)
                            .toList());
        }
        long damaged = directory.damages().count();
        String problem = directory.problem();
        if (problem != null) {
            details.put("problem", problem);
        } else if (damaged > 0) {
            details.put(
                    "problem",
                    "%d places in the files here are damaged. What is damaged is not served, and all else is; restore it from a replica or a backup."
                            .formatted(damaged));
        } else if (room.isRefusing() || space.usableBytes() < room.floorBytes()) {
            details.put(
                    "problem",
                    "The disk has %d bytes left, and log.min.free.bytes keeps %d free: writes are refused until space returns."
                            .formatted(space.usableBytes(), room.floorBytes()));
        }
        return details;
    }

    private static String text(Damage damage) {
        return "%s at position %d: %s%s"
                .formatted(damage.file(), damage.position(), damage.flaw(), damage.mended() ? " (mended)" : "");
    }
}
