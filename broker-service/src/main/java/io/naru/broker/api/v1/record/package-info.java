/** How stored records look to callers: JSON, straight from the bytes of the log. */
@NullMarked
package io.naru.broker.api.v1.record;

import org.jspecify.annotations.NullMarked;
