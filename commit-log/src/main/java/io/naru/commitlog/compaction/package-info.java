/** Finds the latest record of each key in a run of segments, and writes them anew without the others. */
@NullMarked
package io.naru.commitlog.compaction;

import org.jspecify.annotations.NullMarked;
