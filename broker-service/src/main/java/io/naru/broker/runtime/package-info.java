/** Threads, timers and the clock that the broker's parts are given. */
@NullMarked
package io.naru.broker.runtime;

import org.jspecify.annotations.NullMarked;
