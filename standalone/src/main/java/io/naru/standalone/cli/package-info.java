/** The command line behind the {@code naru} script: what each command takes, does and prints. */
@NullMarked
package io.naru.standalone.cli;

import org.jspecify.annotations.NullMarked;
