/**
 * Which producers wrote a log's latest batches, so that one sent twice is stored once: {@link
 * io.naru.commitlog.producer.ProducerState}. Pure: no input or output, no clock.
 */
@NullMarked
package io.naru.commitlog.producer;

import org.jspecify.annotations.NullMarked;
