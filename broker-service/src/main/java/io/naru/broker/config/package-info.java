/** Properties, and the only place where beans are wired. */
@NullMarked
package io.naru.broker.config;

import org.jspecify.annotations.NullMarked;
