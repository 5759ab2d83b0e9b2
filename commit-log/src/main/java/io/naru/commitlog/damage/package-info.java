/** What was found on a disk that is not what had been written there. */
@NullMarked
package io.naru.commitlog.damage;

import org.jspecify.annotations.NullMarked;
