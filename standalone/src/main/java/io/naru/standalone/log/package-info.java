/** Where the log of a standalone Naru goes. */
@NullMarked
package io.naru.standalone.log;

import org.jspecify.annotations.NullMarked;
