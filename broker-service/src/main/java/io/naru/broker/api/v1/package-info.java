/** The native API. */
@NullMarked
package io.naru.broker.api.v1;

import org.jspecify.annotations.NullMarked;
