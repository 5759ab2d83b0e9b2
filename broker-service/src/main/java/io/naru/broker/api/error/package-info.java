/**
 * The one place that turns failures, ours and the framework's, into answers: {@code application/problem+json} as RFC
 * 9457 describes it.
 */
@NullMarked
package io.naru.broker.api.error;

import org.jspecify.annotations.NullMarked;
