/** Which leaders wrote a log, and up to where. Pure: no input or output, no clock. */
@NullMarked
package io.naru.commitlog.epoch;

import org.jspecify.annotations.NullMarked;
