/** Nothing acknowledged is lost, whatever ends the process. */
@NullMarked
package io.naru.systemtests.durability;

import org.jspecify.annotations.NullMarked;
