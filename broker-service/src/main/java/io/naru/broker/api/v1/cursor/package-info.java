/** Where a reader stands in a topic, as clients carry it from one request to the next. */
@NullMarked
package io.naru.broker.api.v1.cursor;

import org.jspecify.annotations.NullMarked;
