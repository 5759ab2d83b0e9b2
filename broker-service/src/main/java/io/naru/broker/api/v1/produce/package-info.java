/**
 * Writing records: {@code POST /v1/topics/{topic}/records} in all its content types.
 *
 * <p>Bytes are read into one array, checked and cut where they lie ({@link io.naru.broker.api.v1.produce.RecordParser}),
 * copied into one batch a partition ({@link io.naru.broker.api.v1.produce.BatchAssembler}), appended ({@link
 * io.naru.broker.api.v1.produce.Append}), and answered as bytes. There is no object per record on the way.
 */
@NullMarked
package io.naru.broker.api.v1.produce;

import org.jspecify.annotations.NullMarked;
