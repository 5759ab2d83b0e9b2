/** Topics: create, describe, change, delete. */
@NullMarked
package io.naru.broker.api.v1.topics;

import org.jspecify.annotations.NullMarked;
