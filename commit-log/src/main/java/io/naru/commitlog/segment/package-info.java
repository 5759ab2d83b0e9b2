/** One file of a log with its indexes, and the scan that tells whole batches from damage. */
@NullMarked
package io.naru.commitlog.segment;

import org.jspecify.annotations.NullMarked;
