package io.naru.commitlog.damage;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A place on a disk that does not hold what had been written there.
 *
 * @param file that is damaged
 * @param position in it, in bytes, where the damage begins, or where the checksummed part begins that it lies in
 * @param flaw what is wrong there, for people
 * @param found when it was noticed first
 * @param mended whether the file has been written anew since, from what is sound elsewhere
 */
public record Damage(Path file, long position, String flaw, Instant found, boolean mended) {}
