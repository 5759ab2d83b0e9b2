/** The cluster as a whole, and its brokers. */
@NullMarked
package io.naru.broker.api.v1.cluster;

import org.jspecify.annotations.NullMarked;
