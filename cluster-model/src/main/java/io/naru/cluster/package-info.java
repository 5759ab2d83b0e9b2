/**
 * Pure values shared by brokers and coordinators: ids, epochs, metadata records, the {@link
 * io.naru.cluster.ClusterImage} they add up to, and the one list of error codes. JDK only; no I/O, no clock, no
 * randomness, so that applying the same records always gives the same image.
 */
@NullMarked
package io.naru.cluster;

import org.jspecify.annotations.NullMarked;
