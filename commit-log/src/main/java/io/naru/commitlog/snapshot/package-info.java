/** What the batches of a log told up to some offset, kept in files so that they need not all be read again. */
@NullMarked
package io.naru.commitlog.snapshot;

import org.jspecify.annotations.NullMarked;
