/** Disks that can lose power. */
@NullMarked
package io.naru.systemtests.disk;

import org.jspecify.annotations.NullMarked;
