/** What ./naru says and does. */
@NullMarked
package io.naru.systemtests.commandline;

import org.jspecify.annotations.NullMarked;
