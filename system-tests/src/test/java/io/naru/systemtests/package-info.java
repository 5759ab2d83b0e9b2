/**
 * Tests of what a user gets: the built distribution, started by the naru script as processes on loopback, on free
 * ports and temporary data folders.
 */
@NullMarked
package io.naru.systemtests;

import org.jspecify.annotations.NullMarked;
