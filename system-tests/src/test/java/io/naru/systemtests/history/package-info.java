/** What clients wrote and what was read, and the judgement whether the two agree. */
@NullMarked
package io.naru.systemtests.history;

import org.jspecify.annotations.NullMarked;
