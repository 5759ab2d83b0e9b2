/** The broker: REST and SSE over partitions of the commit log. */
@NullMarked
package io.naru.broker;

import org.jspecify.annotations.NullMarked;
