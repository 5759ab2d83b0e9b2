/** Small HTTP clients that show what a user's client sees, down to broken connections. */
@NullMarked
package io.naru.systemtests.http;

import org.jspecify.annotations.NullMarked;
