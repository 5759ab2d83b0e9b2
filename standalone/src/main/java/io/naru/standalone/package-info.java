/** Both services in one JVM over one data folder, for development and for the tests of others. */
@NullMarked
package io.naru.standalone;

import org.jspecify.annotations.NullMarked;
