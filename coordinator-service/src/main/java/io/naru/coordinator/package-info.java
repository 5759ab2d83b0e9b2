/** The coordinator: REST in front, the metadata quorum beneath, pure control logic between. */
@NullMarked
package io.naru.coordinator;

import org.jspecify.annotations.NullMarked;
