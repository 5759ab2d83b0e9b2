/** Disks for tests: one in memory, and one that fails, fills, stalls and crashes on demand. */
@NullMarked
package io.naru.commitlog.disk;

import org.jspecify.annotations.NullMarked;
