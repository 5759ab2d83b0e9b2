/** What the cluster should become: commands and the pure logic that decides them. No I/O, no clock, no randomness of its own. */
@NullMarked
package io.naru.coordinator.control;

import org.jspecify.annotations.NullMarked;
