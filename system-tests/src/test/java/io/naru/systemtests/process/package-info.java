/** Naru as a process: the script, what it prints, signals. */
@NullMarked
package io.naru.systemtests.process;

import org.jspecify.annotations.NullMarked;
