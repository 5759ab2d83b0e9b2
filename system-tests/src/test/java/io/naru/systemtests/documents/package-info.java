/** What README and the examples print is what they say. */
@NullMarked
package io.naru.systemtests.documents;

import org.jspecify.annotations.NullMarked;
