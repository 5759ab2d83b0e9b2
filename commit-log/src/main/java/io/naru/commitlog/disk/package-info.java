/** The port to the disk, and the real file system behind it. The log reaches files through nothing else. */
@NullMarked
package io.naru.commitlog.disk;

import org.jspecify.annotations.NullMarked;
