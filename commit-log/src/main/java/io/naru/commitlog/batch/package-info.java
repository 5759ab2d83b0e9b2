/**
 * The record batch: Kafka's v2 format (magic 2), byte for byte. {@link io.naru.commitlog.batch.RecordBatchBuilder}
 * writes, {@link io.naru.commitlog.batch.RecordBatch} looks at one batch's header, {@link
 * io.naru.commitlog.batch.RecordCursor} walks the records. Nothing in here does I/O.
 */
@NullMarked
package io.naru.commitlog.batch;

import org.jspecify.annotations.NullMarked;
