package io.naru.commitlog.damage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All damage that was found in one data directory since it was opened, whoever found it: a reader, recovery, or the
 * scrubber. Each place is told of once in the log. Thread-safe; nothing of it survives the process, which finds it again.
 */
public final class DamageReports {
    /** Most places that are remembered; a disk with more than that is told of well enough. */
    static final int MOST = 1000;

    private static final System.Logger LOG = System.getLogger(DamageReports.class.getName());

    private final Map<Place, Known> known = new LinkedHashMap<>();
    private long foundCount;

    private record Place(Path file, long position) {}

    private record Known(Damage damage, Instant seen) {
        boolean isOpen() {
            return !damage.mended();
        }

        Known mended() {
            return new Known(new Damage(damage.file(), damage.position(), damage.flaw(), damage.found(), true), seen);
        }
    }

    /** Takes note of a damaged place; one that is known already is not told of again, unless it had been mended. */
    public void report(Path file, long position, String flaw) {
        Place place = new Place(file, position);
        Instant now = Instant.now();
        synchronized (this) {
            Known before = known.get(place);
            if (before != null && before.isOpen()) {
                known.put(place, new Known(before.damage(), now));
                return;
            }
            foundCount++;
            if (before != null || known.size() < MOST) {
                known.put(place, new Known(new Damage(file, position, flaw, now, false), now));
            }
        }
        LOG.log(System.Logger.Level.ERROR, "{0} is damaged at position {1}: {2}", file, Long.toString(position), flaw);
    }

    /** Whether this place is known to be damaged. */
    public synchronized boolean isKnown(Path file, long position) {
        Known damage = known.get(new Place(file, position));
        return damage != null && damage.isOpen();
    }

    /** Whether anything of this file is known to be damaged. */
    public synchronized boolean isDamaged(Path file) {
        return known.entrySet().stream()
                .anyMatch(
                        each -> each.getValue().isOpen() && each.getKey().file().equals(file));
    }

    /** The file has been written anew. */
    public synchronized void mended(Path file) {
        known.replaceAll((place, damage) -> place.file().equals(file) ? damage.mended() : damage);
    }

    /** A file, or all in a folder, are no more, or nobody minds what is in them. */
    public synchronized void forget(Path path) {
        known.keySet().removeIf(place -> place.file().startsWith(path));
    }

    /**
     * Everything below a folder has been looked at since {@code began}: what nobody has reported since then is not damaged
     * any more.
     */
    public synchronized void settle(Path folder, Instant began) {
        known.values()
                .removeIf(each -> each.isOpen()
                        && each.seen().isBefore(began)
                        && each.damage().file().startsWith(folder));
    }

    /** Everything that is known, in order of files and positions. */
    public List<Damage> all() {
        List<Damage> all;
        synchronized (this) {
            all = new ArrayList<>(known.values().stream().map(Known::damage).toList());
        }
        all.sort(Comparator.comparing(Damage::file).thenComparingLong(Damage::position));
        return all;
    }

    /** What is known of the files in a folder. */
    public List<Damage> in(Path folder) {
        synchronized (this) {
            if (known.isEmpty()) {
                return List.of();
            }
        }
        return all().stream().filter(damage -> damage.file().startsWith(folder)).toList();
    }

    /** Places that are damaged now. */
    public synchronized int count() {
        return (int) known.values().stream().filter(Known::isOpen).count();
    }

    /** Places that were found damaged, mended since or not. */
    public synchronized long foundCount() {
        return foundCount;
    }
}
